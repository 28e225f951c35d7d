import { systemActor } from '../../shared/actor.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { Rounds } from '../../shared/rounds.ts';
import { forgetWake, wakingAlerts } from '../../store/alerts-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Alert } from '../alert.ts';
import { movedAlert } from '../alert-state.ts';
import type { AlertDesk, Amendment } from '../desk.ts';
import type { DeskLimits } from '../desk-limits.ts';
import { ringOutlasting } from '../silences/outlasting.ts';
import { type Asking, nextEscalation, wakeAtOf } from './escalation.ts';
import { LastAsked } from './last-asked.ts';
import type { Seats } from './seats.ts';

export interface DutyClockOptions {
  readonly store: Store;
  readonly desk: AlertDesk;
  readonly seats: Seats;
  readonly limits: DeskLimits;
  readonly log: Log;
}

const tickMs = 1_000;
/** Alerts of one tick: the rest has its turn in the next. */
const bite = 50;

/**
 * Asks others to take what nobody takes, brings back what was put off, and ends silences. When something is due stands in
 * the database: a restart forgets nothing, and each step is made on the alert as it is then, so never twice.
 */
export class DutyClock {
  readonly #options: DutyClockOptions;
  readonly #asked = new LastAsked();
  readonly #failed: ErrorTally;
  readonly #rounds = new Rounds(tickMs, () => this.tick(new Date()).catch((error) => this.#failed.add(error)));

  constructor(options: DutyClockOptions) {
    this.#options = options;
    this.#failed = new ErrorTally((count, err) => options.log.warn({ count, err }, 'alerts not looked after'), 10_000);
  }

  /** Returns at once; looks now and then every second. */
  start(): void {
    this.#rounds.start();
    this.#rounds.wake();
  }

  /** Does what is due at the time. */
  async tick(now: Date): Promise<void> {
    const { store, desk, seats, limits } = this.#options;
    await ringOutlasting({ store, desk, ...limits }, now).catch((error) => this.#failed.add(error));
    const waking = await wakingAlerts(store.db, now, bite);
    if (waking.length === 0) return;
    const supervisors = await seats.supervisors();
    for (const id of waking) await this.#look(id, { now, supervisors }).catch((error) => this.#failed.add(error));
  }

  /** Safe to call twice; once it resolves, nobody more is asked. */
  async close(): Promise<void> {
    await this.#rounds.close();
    this.#failed.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #look(id: string, { now, supervisors }: Pick<Asking, 'now' | 'supervisors'>): Promise<void> {
    const { store, desk, limits, seats } = this.#options;
    const online = this.#asked.inTurn(seats.online());
    const isDue = (alert: Alert) => (wakeAtOf(alert, limits) ?? '~') <= now.toISOString();
    const asking = { now, online, supervisors, superviseMs: limits.superviseMs };
    const amended = await desk.amend(id, (alert) => {
      if (!isDue(alert)) return undefined;
      return alert.state === 'acknowledged' ? woken(alert, now, limits) : escalated(alert, asking);
    });
    // It was put to the clock under other settings: nothing is to be done with it any more.
    if (!amended) await forgetWake(store.db, id, now);
    const last = amended?.escalation?.asked.at(-1);
    if (last) this.#asked.asked(last.id);
  }
}

/** What was put off is untaken again: it rings, and somebody has as long as for a new one. */
function woken(alert: Alert, now: Date, limits: DeskLimits): ReturnType<Amendment> {
  const make = (seq: number) => movedAlert(alert, { state: 'raised' }, { ...limits, seq, now });
  const details = { snoozedBy: alert.acknowledgedBy?.name };
  return { make, deed: { actor: systemActor, action: 'alert.wake', details } };
}

function escalated(alert: Alert, asking: Asking): ReturnType<Amendment> {
  const escalation = nextEscalation(alert, asking);
  const make = (seq: number) => ({ ...alert, seq, version: alert.version + 1, escalation });
  const before = alert.escalation?.asked.length ?? 0;
  const asked = escalation.asked.slice(before).map(({ name }) => name);
  return { make, deed: { actor: systemActor, action: 'alert.escalate', details: { step: escalation.step, asked } } };
}
