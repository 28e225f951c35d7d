import { type Actor, systemActor } from '../../shared/actor.ts';
import type { Candidate } from '../candidates/candidate.ts';
import type { Candidates } from '../candidates/candidates.ts';
import type { Incident } from './incident.ts';
import type { IncidentBook } from './incident-book.ts';
import { wantedNext } from './incident-plan.ts';

export interface ProposalsOptions {
  readonly book: IncidentBook;
  readonly candidates: Pick<Candidates, 'rank'>;
}

/** Who could go to an incident. */
export class Proposals {
  readonly #options: ProposalsOptions;

  constructor(options: ProposalsOptions) {
    this.#options = options;
  }

  /** The first to be there first, then those that cannot be sent; of the units that the actor may see. Fails with `INCIDENT_NOT_FOUND`. */
  async of(id: string, actor: Actor): Promise<Candidate[]> {
    return this.rank(await this.#options.book.get(id, actor), actor);
  }

  /** The first who can go and is not one of those. */
  next(incident: Incident, besides: ReadonlySet<string>): Candidate | undefined {
    return this.rank(incident, systemActor).find(({ unit, rejected }) => rejected === undefined && !besides.has(unit));
  }

  /** Nobody, where nobody knows where it is. */
  rank(incident: Incident, actor: Actor): Candidate[] {
    const { position } = incident;
    const wanted = wantedNext(incident);
    const asked = position && { place: { ...incident, position }, ...(wanted && { wanted }) };
    const ranked = asked ? this.#options.candidates.rank(asked, actor) : [];
    return incident.caller === undefined ? ranked : withoutCaller(ranked, incident.caller);
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
