import type { Actor } from '../../shared/actor.ts';
import { putAssignment } from '../../store/assignments-repository.ts';
import { appendEvent, nextSeq } from '../../store/events-repository.ts';
import { type IncidentWrite, incidentById, insertIncident, updateIncident } from '../../store/incidents-repository.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import type { Tx } from '../../store/store.ts';
import { isOpen } from './assignment-state.ts';
import { wakeAt } from './clock-moves.ts';
import type { Incident } from './incident.ts';
import { IncidentContendedError } from './incident-errors.ts';

/** What of a change goes into the ledger beside the incident itself. */
export interface Deed {
  readonly actor: Actor;
  readonly action: string;
  readonly details?: object;
}

/** An incident before it has a number. */
export type NewIncident = Omit<Incident, 'seq' | 'version'>;

/** One transaction over incidents: each change is the row on its version, the event with its `seq` and the ledger row. */
export class IncidentTx {
  readonly tx: Tx;
  /** What is to be told once it is committed, in order. */
  readonly changed: Incident[] = [];
  readonly #told: (() => void)[] = [];
  readonly #superviseMs: number;

  constructor(tx: Tx, superviseMs: number) {
    this.tx = tx;
    this.#superviseMs = superviseMs;
  }

  /** Runs once it is committed. */
  afterwards(tell: () => void): void {
    this.#told.push(tell);
  }

  committed(): void {
    for (const tell of this.#told) tell();
  }

  async read(id: string): Promise<Incident | undefined> {
    return parsed(await incidentById(this.tx, id));
  }

  async create(made: NewIncident, deed: Deed): Promise<Incident> {
    const incident = { ...made, seq: await nextSeq(this.tx), version: 1 };
    await insertIncident(this.tx, this.#write(incident));
    await this.#tell(incident, deed);
    return incident;
  }

  /** Fails with `INCIDENT_CONTENDED`. */
  async change(from: Incident, next: Incident, deed: Deed): Promise<Incident> {
    const incident = { ...next, seq: await nextSeq(this.tx), version: from.version + 1 };
    if (!(await updateIncident(this.tx, this.#write(incident), from.version)))
      throw new IncidentContendedError(from.id);
    const before = new Set(from.assignments);
    for (const assignment of incident.assignments.filter((one) => !before.has(one)))
      await putAssignment(this.tx, { ...assignment, incident: incident.id, open: isOpen(assignment) });
    await this.#tell(incident, deed);
    return incident;
  }

  #write(incident: Incident): IncidentWrite<Incident> {
    return { incident, wakeAt: wakeAt(incident, this.#superviseMs), words: wordsOf(incident) };
  }

  async #tell(incident: Incident, { actor, action, details }: Deed): Promise<void> {
    const { id, kind, severity, state, version } = incident;
    await appendEvent(this.tx, { topic: 'incidents', subject: id, data: incident });
    const facts = { kind, severity, state, version, ...details };
    await appendLedger(this.tx, { actor, action, object: id, result: 'ok', details: facts });
    this.changed.push(incident);
  }
}

/** Rows are written by this slice alone, from incidents. */
export function parsed(data: string | undefined): Incident | undefined {
  if (data === undefined) return undefined;
  const incident: Incident = JSON.parse(data);
  return incident;
}

/** What a search finds it by. */
function wordsOf({ title, kind, place, road, stake, owner, reference, department }: Incident): string {
  return [title, kind, place, road, stake, owner, reference, department]
    .filter((word) => word !== undefined)
    .join('\n');
}
