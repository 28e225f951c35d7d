import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';
import { retryDelayMs } from '../../shared/backoff.ts';
import type { SpoolEntry } from './spool-batch.ts';
import { TelemetryFileError } from './telemetry-file-error.ts';

/** Nothing more fits between the devices and the disk: the publisher keeps its message and sends it again. */
export class SpoolBusyError extends AppError {
  readonly code = 'SPOOL_BUSY';
  override readonly statusCode = 503;

  constructor(reason: string) {
    super(`the spool takes no message: ${reason}`);
  }
}

export interface GroupCommitOptions<E extends SpoolEntry> {
  /** Writes a batch in one transaction; answers the number of its last message. */
  readonly write: (entries: readonly E[]) => Promise<number>;
  /** Called after each batch that is on disk. */
  readonly committed: (entries: readonly E[], last: number) => void;
  readonly maxPending?: number;
  readonly maxBatch?: number;
}

interface Pending<E> {
  readonly entry: E;
  resolve(): void;
  reject(error: Error): void;
}

const diskBackoff = { baseMs: 100, maxMs: 5_000 };

/** A batch of fewer costs more than it carries: the next ones wait for a moment, but for those that came alone. */
const fewEntries = 24;
const gatherMs = 8;

/**
 * Many messages, one fsync: a batch is what came while the previous one was being written and, when that is little, in a
 * moment more; a lone message waits for nothing. With the disk full nothing is acknowledged; it goes on by itself once there is room (T07).
 */
export class GroupCommit<E extends SpoolEntry> {
  readonly #options: GroupCommitOptions<E>;
  readonly #closing = new AbortController();
  #pending: Pending<E>[] = [];
  #running: Promise<void> | undefined;
  #trouble: string | undefined;

  constructor(options: GroupCommitOptions<E>) {
    this.#options = options;
  }

  /** Why nothing can be written at the moment, in a sentence. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  get pending(): number {
    return this.#pending.length;
  }

  /** Resolves when the entry is on disk. */
  append(entry: E): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.reject(new SpoolBusyError('it is closing'));
    if (this.#pending.length >= (this.#options.maxPending ?? 100_000))
      return Promise.reject(new SpoolBusyError('too many are waiting for the disk'));
    return new Promise((resolve, reject) => {
      this.#pending.push({ entry, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** What was taken is written first; with a disk that refuses, it is handed back unacknowledged. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Lets the packets of the same socket read join the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    const most = this.#options.maxBatch ?? 500;
    for (let last = Number.POSITIVE_INFINITY; this.#pending.length > 0; ) {
      const isTrickle = Math.max(last, this.#pending.length) < fewEntries;
      if (isTrickle && !this.#closing.signal.aborted) await delay(gatherMs);
      const batch = this.#pending.length <= most ? this.#pending : this.#pending.slice(0, most);
      this.#pending = this.#pending.length <= most ? [] : this.#pending.slice(most);
      await this.#commit(batch);
      last = batch.length;
    }
    this.#running = undefined;
  }

  async #commit(batch: readonly Pending<E>[]): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const error = await this.#write(batch);
      if (!error) return;
      if (!(error instanceof TelemetryFileError && error.passing)) return this.#commitSingly(batch, error);
      this.#trouble = error.message;
      if (this.#closing.signal.aborted) return rejectAll(batch, error);
      await this.#pause(attempt);
    }
  }

  async #write(batch: readonly Pending<E>[]): Promise<Error | undefined> {
    const entries = batch.map(({ entry }) => entry);
    try {
      const last = await this.#options.write(entries);
      this.#options.committed(entries, last);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    this.#trouble = undefined;
    for (const { resolve } of batch) resolve();
    return undefined;
  }

  /** One entry the database refuses must not take its neighbours with it. */
  async #commitSingly(batch: readonly Pending<E>[], error: Error): Promise<void> {
    if (batch.length === 1) return rejectAll(batch, error);
    for (const one of batch) await this.#commit([one]);
  }

  async #pause(attempt: number): Promise<void> {
    await delay(50 + retryDelayMs(diskBackoff, attempt), undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}

function rejectAll(batch: readonly Pending<unknown>[], error: Error): void {
  for (const { reject } of batch) reject(error);
}
