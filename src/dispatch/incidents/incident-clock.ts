import { systemActor } from '../../shared/actor.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { Rounds } from '../../shared/rounds.ts';
import { openAssignments } from '../../store/assignments-repository.ts';
import { incidentById, wakingIncidents } from '../../store/incidents-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Candidate } from '../candidates/candidate.ts';
import { lateAt, pressDue } from './clock-moves.ts';
import type { Incident } from './incident.ts';
import type { IncidentRecords } from './incident-records.ts';
import { parsed } from './incident-tx.ts';
import { moveIncident } from './move-incident.ts';
import type { Proposals } from './proposals.ts';

export interface IncidentClockOptions {
  readonly records: IncidentRecords;
  readonly store: Store;
  /** Without it a unit that does not answer is said to be late, and nobody else is proposed. */
  readonly proposals: Proposals;
  readonly log: Log;
}

const tickMs = 1_000;
/** Incidents of one tick: the rest has its turn in the next. */
const bite = 50;

/** Presses for deadlines and proposes who could go instead. What is due stands in the database: a restart forgets nothing. */
export class IncidentClock {
  readonly #options: IncidentClockOptions;
  readonly #failed: ErrorTally;
  readonly #rounds = new Rounds(tickMs, () => this.tick(new Date()).catch((error) => this.#failed.add(error)));

  constructor(options: IncidentClockOptions) {
    this.#options = options;
    this.#failed = new ErrorTally((count, err) => options.log.warn({ count, err }, 'deadlines not looked at'), 10_000);
  }

  /** Returns at once; looks now and then every second. */
  start(): void {
    this.#rounds.start();
    this.#rounds.wake();
  }

  /** Does what is due at the time. */
  async tick(now: Date): Promise<void> {
    const look = async (id: string) => {
      await this.#press(id, now);
      await this.#propose(id, now);
    };
    for (const id of await wakingIncidents(this.#options.store.db, now, bite))
      await look(id).catch((error) => this.#failed.add(error));
  }

  /** Safe to call twice; once it resolves, nothing more is decided. */
  async close(): Promise<void> {
    await this.#rounds.close();
    this.#failed.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #press(id: string, now: Date): Promise<void> {
    const { records } = this.#options;
    await records.run(async (work) => {
      const incident = await work.read(id);
      const stage = incident && pressDue(incident, { now, superviseMs: records.superviseMs });
      if (!stage) return;
      await moveIncident(work, { id, move: { type: 'press', stage }, command: { actor: systemActor }, now });
    });
  }

  /** Who is asked for takes a while to find: the incident is looked at again before anything is written. */
  async #propose(id: string, now: Date): Promise<void> {
    const { records, store } = this.#options;
    const incident = parsed(await incidentById(store.db, id));
    if (!incident || lateAt(incident, now).length === 0) return;
    const candidate = await this.#nextCandidate(incident);
    await records.run(async (work) => {
      const latest = await work.read(id);
      const late = latest ? lateAt(latest, now) : [];
      if (late.length === 0) return;
      await moveIncident(work, {
        id,
        move: { type: 'propose', late, candidate },
        command: { actor: systemActor },
        now,
      });
    });
  }

  async #nextCandidate(incident: Incident): Promise<Candidate | undefined> {
    const { proposals, store } = this.#options;
    const bound = await openAssignments(store.db);
    return proposals.next(incident, new Set([...incident.assignments, ...bound].map(({ unit }) => unit)));
  }
}
