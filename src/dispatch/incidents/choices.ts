import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type Actor, maySee } from '../../shared/actor.ts';
import { insertRanking, rankingsOf } from '../../store/rankings-repository.ts';
import type { Store, Tx } from '../../store/store.ts';
import type { UnitBoard } from '../unit-board.ts';
import type { Assignment } from './assignment.ts';
import { type Choice, choiceOf } from './choice.ts';
import type { Incident } from './incident.ts';
import type { IncidentBook } from './incident-book.ts';
import type { Proposals } from './proposals.ts';

export interface ChoicesOptions {
  readonly store: Store;
  readonly book: IncidentBook;
  readonly board: UnitBoard;
  readonly proposals: Proposals;
}

export interface Choosing {
  /** Before the unit was sent. */
  readonly incident: Incident;
  readonly assignment: Assignment;
  readonly actor: Actor;
}

const packed = promisify(gzip);
const unpacked = promisify(gunzip);

/** Whom each dispatch was chosen from, kept with it: 为什么派它. */
export class Choices {
  readonly #options: ChoicesOptions;

  constructor(options: ChoicesOptions) {
    this.#options = options;
  }

  /** Writes down the ranking as the actor saw it, in the transaction that sends the unit. */
  async keep(tx: Tx, { incident, assignment, actor }: Choosing): Promise<void> {
    const choice = choiceOf(assignment, this.#options.proposals.rank(incident, actor));
    const ranking = new Uint8Array(await packed(JSON.stringify(choice)));
    await insertRanking(tx, { assignment: assignment.id, incident: incident.id, ranking });
  }

  /** Oldest first, of units that the actor may see. Fails with `INCIDENT_NOT_FOUND`. */
  async of(id: string, actor: Actor): Promise<Choice[]> {
    const { store, book, board } = this.#options;
    await book.get(id, actor);
    const choices = await Promise.all((await rankingsOf(store.db, id)).map(({ ranking }) => choiceIn(ranking)));
    return choices.map((choice) => ({
      ...choice,
      candidates: choice.candidates.filter(({ unit }) => maySee(actor, board.get(unit)?.area)),
    }));
  }
}

async function choiceIn(ranking: Uint8Array): Promise<Choice> {
  const choice: Choice = JSON.parse(String(await unpacked(ranking)));
  return choice;
}
