import { type Actor, systemActor } from '../../shared/actor.ts';
import type { Candidate } from '../candidates/candidate.ts';
import type { Candidates } from '../candidates/candidates.ts';
import type { Wanted, WantedPlace } from '../candidates/wanted.ts';
import type { AlertFacts } from './alert-source.ts';
import type { AssignmentView } from './assignment-view.ts';
import type { Incident } from './incident.ts';
import type { IncidentBook } from './incident-book.ts';
import { wantedNext } from './incident-plan.ts';

export interface ProposalsOptions {
  readonly book: IncidentBook;
  readonly candidates: Pick<Candidates, 'rank' | 'way'>;
  /** Fails as whoever keeps the alerts does. */
  readonly factsOf: (alert: string, actor: Actor) => Promise<AlertFacts>;
}

/** Who could go to an incident, or to an alert that has none yet. */
export class Proposals {
  readonly #options: ProposalsOptions;

  constructor(options: ProposalsOptions) {
    this.#options = options;
  }

  /** The first to be there first, then those that cannot be sent; of the units that the actor may see. Fails with `INCIDENT_NOT_FOUND`. */
  async of(id: string, actor: Actor): Promise<Candidate[]> {
    return this.rank(await this.#options.book.get(id, actor), actor);
  }

  /** The same of an alert, before anybody has taken it. */
  async ofAlert(id: string, actor: Actor): Promise<Candidate[]> {
    return this.#rank(await this.#options.factsOf(id, actor), actor);
  }

  /** The first who can go and is not one of those. */
  next(incident: Incident, besides: ReadonlySet<string>): Candidate | undefined {
    return this.rank(incident, systemActor).find(({ unit, rejected }) => rejected === undefined && !besides.has(unit));
  }

  /** Nobody, where nobody knows where it is. */
  rank(incident: Incident, actor: Actor): Candidate[] {
    return this.#rank({ ...incident, wanted: wantedNext(incident, new Date()) }, actor);
  }

  /** With the way of its unit from where it was last, as long as it has yet to arrive. */
  withWay(assignment: AssignmentView): AssignmentView {
    const { state, unit, position, ...place } = assignment;
    const isComing = state === 'dispatched' || state === 'accepted';
    const way = isComing && position ? this.#options.candidates.way(unit, { ...place, position }) : undefined;
    return way ? { ...assignment, way } : assignment;
  }

  #rank({ position, wanted, caller, ...place }: Somewhere, actor: Actor): Candidate[] {
    const asked = position && { place: { ...place, position }, ...(wanted && { wanted }) };
    const ranked = asked ? this.#options.candidates.rank(asked, actor) : [];
    return caller === undefined ? ranked : withoutCaller(ranked, caller);
  }
}

/** Who calls for help is the nearest, and does not help itself. */
function withoutCaller(ranked: readonly Candidate[], caller: string): Candidate[] {
  const own = ranked.find(({ unit }) => unit === caller);
  if (!own) return [...ranked];
  const { route: _, ...rest } = own;
  const reasons = [{ text: '求助的正是它' }, ...own.reasons];
  return [...ranked.filter((one) => one !== own), { ...rest, reasons, rejected: 'caller' }];
}

type Somewhere = Omit<WantedPlace, 'position'> & {
  readonly position?: WantedPlace['position'] | undefined;
  readonly wanted?: Wanted | undefined;
  /** Whose call for help it is. */
  readonly caller?: string | undefined;
};
