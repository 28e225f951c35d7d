import { systemActor } from '../../shared/actor.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { Downlink } from '../downlink/downlink.ts';
import type { Outgoing } from '../downlink/message-records.ts';
import type { Assignment } from './assignment.ts';
import type { Incident } from './incident.ts';

export interface BriefingsOptions {
  readonly downlink: Pick<Downlink, 'send'>;
  readonly log: Log;
}

/** Of what was recalled longer ago nobody needs to hear. */
const recallMs = 3_600_000;
const mostLetters = 100;

/** Tells units' terminals where to go, and that they need not go. Each is told once, also when it is asked for again after a restart. */
export class Briefings {
  readonly #options: BriefingsOptions;
  readonly #failed: ErrorTally;
  readonly #sent = new Map<string, Assignment['state']>();
  readonly #sending = new Set<Promise<void>>();

  constructor(options: BriefingsOptions) {
    this.#options = options;
    this.#failed = new ErrorTally(
      (count, err) => options.log.warn({ count, err }, 'units not told of assignments'),
      10_000,
    );
  }

  /** The newest state of an incident, as the disk has it. */
  know(incident: Incident): void {
    for (const assignment of incident.assignments) {
      const outgoing = this.#isNews(assignment) ? messageOf(incident, assignment) : undefined;
      if (outgoing) this.#send(outgoing, `${assignment.state} ${assignment.id}`);
    }
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await Promise.all(this.#sending);
    this.#failed.close();
  }

  #isNews({ id, state, times }: Assignment): boolean {
    const isNews =
      state === 'dispatched' || (state === 'recalled' && Date.now() - Date.parse(times.recalled ?? '') < recallMs);
    if (!isNews) this.#sent.delete(id);
    if (!isNews || this.#sent.get(id) === state) return false;
    this.#sent.set(id, state);
    return true;
  }

  #send(outgoing: Outgoing, key: string): void {
    const sending = this.#options.downlink
      .send(outgoing, { actor: systemActor, key })
      .then(() => undefined)
      .catch((error) => this.#failed.add(error))
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }
}

function messageOf(incident: Incident, { id: assignment, unit, state, reason }: Assignment): Outgoing {
  const { id, title, position, text } = incident;
  const place = incident.place ?? [incident.road, incident.stake].filter((part) => part !== undefined).join(' ');
  const about = { unit, assignment, incident: id };
  if (state === 'recalled')
    return { ...about, title: short(`撤回：${title}`), ...(reason !== undefined && { text: reason }) };
  return {
    ...about,
    title: short(title),
    ...(text !== undefined && { text: text.slice(0, 1_000) }),
    ...(place !== '' && { place }),
    ...(position && { lat: position.lat, lon: position.lon }),
  };
}

const short = (title: string) => title.slice(0, mostLetters);
