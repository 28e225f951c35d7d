import { type Actor, systemActor } from '../shared/actor.ts';
import type { Log } from '../shared/log.ts';
import { printable } from '../shared/printable.ts';
import { appendLedger } from '../store/ledger-repository.ts';
import type { Store } from '../store/store.ts';
import { OwedRows, whenLate } from './ledger/owed-rows.ts';

/** Somebody was not let through; without an actor it was somebody without a session at `address`. */
export interface Denial {
  readonly actor: Actor | undefined;
  readonly action: string;
  readonly object: string;
  readonly reason: string;
  readonly address: string;
}

export interface DenialsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly everyMs?: number;
}

interface Tally {
  readonly denial: Denial;
  count: number;
}

/** Distinct denials told apart within one interval; all others share one row. */
const mostKinds = 500;

function keyOf({ actor, action, object, reason, address }: Denial): string {
  return JSON.stringify(actor ? [actor.id, action, object, reason] : [address, reason]);
}

/** Writes denied decisions to the ledger: the first of a kind at once, its repetitions as one row a minute. */
export class Denials {
  readonly #options: DenialsOptions;
  readonly #owed: OwedRows;
  readonly #tallies = new Map<string, Tally>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DenialsOptions) {
    this.#options = options;
    this.#owed = new OwedRows(options);
  }

  add({ object, ...rest }: Denial): void {
    const denial = { ...rest, object: printable(object) };
    const full = this.#tallies.size >= mostKinds;
    const key = full && !this.#tallies.has(keyOf(denial)) ? 'others' : keyOf(denial);
    const tally = this.#tallies.get(key);
    if (tally) {
      tally.count += 1;
      return;
    }
    this.#tallies.set(key, { denial, count: 0 });
    this.#write(denial, 1);
    this.#timer ??= setTimeout(() => this.#flush(), this.#options.everyMs ?? 60_000).unref();
  }

  /** Resolves once everything added is in the ledger. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#flush();
    await this.#owed.close();
  }

  #flush(): void {
    this.#timer = undefined;
    const repeated = [...this.#tallies.values()].filter(({ count }) => count > 0);
    this.#tallies.clear();
    for (const { denial, count } of repeated) this.#write(denial, count);
  }

  #write({ actor = systemActor, action, object, reason, address }: Denial, count: number): void {
    void this.#owed.write(async (tx, since) => {
      const details = { reason, ...(count > 1 && { count }), ...whenLate(since) };
      await appendLedger(tx, { actor: { ...actor, address }, action, object, result: 'denied', details });
    });
  }
}
