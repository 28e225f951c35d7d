import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { Rounds } from '../../shared/rounds.ts';
import type { Store, Tx } from '../../store/store.ts';

export interface OwedRowsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly retryMs?: number | undefined;
}

/** What is written, and since when it is owed. */
export type OwedWork = (tx: Tx, since: string) => Promise<void>;

interface Owed {
  readonly work: OwedWork;
  readonly since: string;
}

/** What a database that fails for long may cost of memory; what comes after that is lost, aloud. */
const mostOwed = 20_000;
const lateMs = 1_000;

/** Rows of what has happened and cannot be refused any more: each in its turn, again and again until it is written. */
export class OwedRows {
  readonly #store: Store;
  readonly #unwritten: ErrorTally;
  readonly #rounds: Rounds;
  readonly #owed: Owed[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor({ store, log, retryMs = 1_000 }: OwedRowsOptions) {
    this.#store = store;
    this.#unwritten = new ErrorTally((count, err) =>
      log.error(
        { count, owed: this.#owed.length, err },
        'rows of the ledger could not be written, they are tried again',
      ),
    );
    this.#rounds = new Rounds(retryMs, () => this.#drain());
  }

  /** Resolves when it was tried for the first time, written or not. */
  write(work: OwedWork): Promise<void> {
    if (this.#owed.length >= mostOwed)
      this.#unwritten.add(new Error(`more than ${mostOwed} rows are owed: one is lost`));
    else this.#owed.push({ work, since: new Date().toISOString() });
    this.#rounds.start();
    return this.#drain();
  }

  /** Safe to call twice. What is owed is tried once more. */
  async close(): Promise<void> {
    await this.#rounds.close();
    await this.#drain();
    this.#unwritten.close();
  }

  #drain(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#pay());
    return this.#turn;
  }

  /** The end of a watch is nothing before its beginning: the first that fails holds up the others. */
  async #pay(): Promise<void> {
    for (let [first] = this.#owed; first; [first] = this.#owed) {
      const { work, since } = first;
      try {
        await this.#store.transaction((tx) => work(tx, since));
      } catch (error) {
        this.#unwritten.add(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      this.#owed.shift();
    }
  }
}

/** When it happened, for the details of a row that was written much later. */
export function whenLate(since: string): { readonly at?: string } {
  return Date.now() - Date.parse(since) > lateMs ? { at: since } : {};
}
