import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../shared/log.ts';
import type { Queries, Store } from '../store/store.ts';
import { pruneCrossings } from '../store/unit-fences-repository.ts';
import { pruneUnitMessages } from '../store/unit-messages-repository.ts';
import type { RetentionConfig } from './config.ts';

export interface RecordRetentionOptions {
  readonly config: RetentionConfig;
  readonly store: Store;
  readonly log: Log;
  /** Rows that one statement deletes. */
  readonly bite?: number;
}

type Prune = (db: Queries, before: Date, most: number) => Promise<number>;

const dayMs = 86_400_000;
const pruneEveryMs = 3_600_000;
/** A few milliseconds of the database's thread; whatever else waits for it goes between two of them. */
const usualBite = 500;
const pauseMs = 20;

/** Forgets how units crossed fences and the messages to them that are settled, once they are old enough. */
export class RecordRetention {
  readonly #options: RecordRetentionOptions;
  readonly #closing = new AbortController();
  #done: Promise<void> | undefined;

  constructor(options: RecordRetentionOptions) {
    this.#options = options;
  }

  /** Returns at once; a pass now, then one every hour. */
  start(): void {
    this.#done ??= this.#run(this.#closing.signal);
  }

  /** Safe to call twice; once it resolves, nothing more is deleted. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** One whole pass. Fails when the database does. */
  async prune(now: Date): Promise<void> {
    const { config, log } = this.#options;
    const before = (days: number) => new Date(now.getTime() - days * dayMs);
    const crossings = await this.#eat(pruneCrossings, before(config.crossingDays));
    const messages = await this.#eat(pruneUnitMessages, before(config.messageDays));
    if (crossings + messages > 0) log.info({ crossings, messages }, 'old records forgotten');
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.prune(new Date()).catch((err) => this.#options.log.warn({ err }, 'old records not forgotten'));
      await pause(pruneEveryMs, signal);
    }
  }

  async #eat(prune: Prune, before: Date): Promise<number> {
    const { store, bite = usualBite } = this.#options;
    const { signal } = this.#closing;
    let total = 0;
    while (!signal.aborted) {
      const eaten = await prune(store.db, before, bite);
      total += eaten;
      if (eaten < bite) break;
      await pause(pauseMs, signal);
    }
    return total;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
