import { type Actor, systemActor } from '../../shared/actor.ts';
import type { Candidate } from '../candidates/candidate.ts';
import type { Candidates } from '../candidates/candidates.ts';
import type { Incident } from './incident.ts';
import type { IncidentBook } from './incident-book.ts';

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
    return this.#rank(await this.#options.book.get(id, actor), actor);
  }

  /** The first who can go and is not one of those. */
  next(incident: Incident, besides: ReadonlySet<string>): Candidate | undefined {
    return this.#rank(incident, systemActor).find(({ unit, rejected }) => rejected === undefined && !besides.has(unit));
  }

  /** Nobody, where nobody knows where it is. */
  #rank({ position, ...incident }: Incident, actor: Actor): Candidate[] {
    return position ? this.#options.candidates.rank({ place: { ...incident, position } }, actor) : [];
  }
}
