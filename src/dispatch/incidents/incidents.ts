import type { Actor } from '../../shared/actor.ts';
import type { Log } from '../../shared/log.ts';
import { openAssignments } from '../../store/assignments-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Candidates } from '../candidates/candidates.ts';
import type { Downlink } from '../downlink/downlink.ts';
import type { Responsibility } from '../responsibility/config.ts';
import { ResponsibilityMatrix } from '../responsibility/matrix.ts';
import type { UnitBoard } from '../unit-board.ts';
import type { PlaceFinder } from '../unit-state.ts';
import type { AlertSource } from './alert-source.ts';
import { Briefings } from './briefings.ts';
import { Choices } from './choices.ts';
import { Dispatcher } from './dispatcher.ts';
import { Duties } from './duties.ts';
import { IncidentBook } from './incident-book.ts';
import { IncidentClock } from './incident-clock.ts';
import { IncidentDesk } from './incident-desk.ts';
import { IncidentPhotos } from './incident-photos.ts';
import type { PlanSource } from './incident-plan.ts';
import { IncidentRecords } from './incident-records.ts';
import { Proposals } from './proposals.ts';
import { SosIncidents } from './sos-incidents.ts';

export interface IncidentsOptions {
  readonly store: Store;
  readonly responsibility: Responsibility;
  readonly board: UnitBoard;
  readonly downlink: Pick<Downlink, 'send'>;
  readonly alerts: AlertSource;
  readonly find: PlaceFinder;
  readonly candidates: Pick<Candidates, 'rank' | 'way'>;
  readonly plans?: PlanSource | undefined;
  readonly log: Log;
  readonly limits?: Partial<DispatchLimits>;
  readonly now?: () => Date;
}

/** All times in milliseconds. */
export interface DispatchLimits {
  /** From the dispatch until a unit should have accepted. */
  readonly acceptMs: number;
  /** From a deadline that was missed until the reason is asked for. */
  readonly superviseMs: number;
}

export const defaultDispatchLimits: DispatchLimits = { acceptMs: 60_000, superviseMs: 1_800_000 };

/** The closed loop (受理—处置—反馈—督办): what people and units do with incidents, and the clock that presses. */
export class Incidents {
  readonly records: IncidentRecords;
  readonly desk: IncidentDesk;
  readonly dispatcher: Dispatcher;
  readonly book: IncidentBook;
  readonly photos: IncidentPhotos;
  readonly proposals: Proposals;
  readonly choices: Choices;
  readonly sos: SosIncidents;
  readonly clock: IncidentClock;
  readonly #store: Store;
  readonly #duties: Duties;
  readonly #briefings: Briefings;

  constructor({
    store,
    responsibility,
    board,
    downlink,
    alerts,
    find,
    candidates,
    plans,
    log,
    limits,
    now,
  }: IncidentsOptions) {
    const { acceptMs, superviseMs } = { ...defaultDispatchLimits, ...limits };
    this.#store = store;
    this.records = new IncidentRecords({ store, superviseMs });
    this.book = new IncidentBook(store);
    this.photos = new IncidentPhotos(this.records);
    this.desk = new IncidentDesk({
      records: this.records,
      matrix: new ResponsibilityMatrix(responsibility),
      find,
      alerts,
      plans,
      now,
    });
    const { records, desk, book } = this;
    const factsOf = (id: string, actor: Actor) => store.transaction((tx) => alerts.facts(tx, id, { actor }));
    this.proposals = new Proposals({ book, candidates, factsOf });
    this.choices = new Choices({ store, book, board, proposals: this.proposals });
    this.dispatcher = new Dispatcher({ records, desk, alerts, board, choices: this.choices, acceptMs, now });
    this.sos = new SosIncidents({ records, desk, alerts, proposals: this.proposals });
    this.clock = new IncidentClock({ records, store, proposals: this.proposals, log });
    this.#duties = new Duties((unit, duty) => board.bind(unit, duty));
    this.#briefings = new Briefings({ downlink, log });
    this.records.on('changed', (incident) => {
      this.#duties.know(incident);
      this.#briefings.know(incident);
    });
  }

  /** Takes up what binds units, tells those that were not told, then presses until closed. */
  async start(): Promise<void> {
    const ids = new Set((await openAssignments(this.#store.db)).map(({ incident }) => incident));
    for (const id of ids) {
      const incident = await this.book.get(id);
      this.#duties.know(incident);
      this.#briefings.know(incident);
    }
    this.clock.start();
  }

  /** Safe to call twice; once it resolves, nothing more is pressed or told. */
  async close(): Promise<void> {
    await this.clock.close();
    await this.#briefings.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
