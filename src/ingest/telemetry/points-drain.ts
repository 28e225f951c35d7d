import { setTimeout as delay } from 'node:timers/promises';
import { retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import { countPoints, eachPoint, type PointBatch, slicePoints } from './point-batch.ts';
import type { DeadLetter, PendingPoints } from './spool-database.ts';
import { TelemetryFileError } from './telemetry-file-error.ts';

/** The points of the spool, and where they go. */
export interface DrainPorts {
  /** The last row of points that is in the store. */
  cursor(): Promise<number>;
  read(after: number, most: number): Promise<PendingPoints>;
  /** Fails with TelemetryFileError; writing the same points again changes nothing. */
  write(batch: PointBatch): Promise<void>;
  settle(seq: number): Promise<void>;
  bury(letters: readonly DeadLetter[]): Promise<void>;
}

export interface PointsDrainOptions {
  readonly ports: DrainPorts;
  readonly log: Log;
  /** How long points gather before they are written. */
  readonly everyMs?: number;
}

const mostPoints = 50_000;
const backoff = { baseMs: 200, maxMs: 10_000 };
/** A question is answered with what is there rather than never. */
const flushMs = 5_000;

/**
 * Carries points from the spool into the store, in order and many at a time: the more a series gets at once, the fewer
 * pages are written. The cursor moves only over what is stored; a crash between the two stores some twice, which is once.
 */
export class PointsDrain {
  readonly #options: PointsDrainOptions;
  readonly #closing = new AbortController();
  #news = Promise.withResolvers<void>();
  #hurry = new AbortController();
  /** Counts what was said to be new, and what of that is in the store. */
  #appended = 1;
  #written = 0;
  #cursor = 0;
  #waiting: { readonly upTo: number; resolve(): void }[] = [];
  #running: Promise<void> | undefined;
  #trouble: string | undefined;

  constructor(options: PointsDrainOptions) {
    this.#options = options;
  }

  /** Why nothing can be stored at the moment, in a sentence. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Fails with TelemetryFileError. */
  async start(): Promise<void> {
    this.#cursor = await this.#options.ports.cursor();
    this.#running ??= this.#run(this.#closing.signal);
  }

  /** More points are in the spool. */
  wake(): void {
    this.#appended += 1;
    this.#news.resolve();
  }

  /** Resolves when all that was in the spool is in the store, or after five seconds. */
  async flush(): Promise<void> {
    if (this.#written >= this.#appended || this.#closing.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ upTo: this.#appended, resolve });
    this.#hurry.abort();
    const late = setTimeout(resolve, flushMs);
    await promise;
    clearTimeout(late);
  }

  /** What is under way is finished; the rest stays in the spool for the next process. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#hurry.abort();
    this.#news.resolve();
    await this.#running;
    this.#tellWaiting(Number.POSITIVE_INFINITY);
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      await this.#gather();
      const error = await this.#empty(signal).catch((cause: Error) => cause);
      this.#trouble = error?.message;
      if (error && failures === 0) this.#options.log.warn({ err: error }, 'points not stored yet');
      failures = error ? failures + 1 : 0;
      if (error) await delay(retryDelayMs(backoff, failures), undefined, { signal }).catch(() => {});
    }
  }

  /** Until there is something new, and then for a moment, so that more comes; nobody waits longer than he must. */
  async #gather(): Promise<void> {
    if (this.#written >= this.#appended) await this.#news.promise;
    this.#news = Promise.withResolvers<void>();
    const { signal } = this.#hurry;
    if (this.#waiting.length === 0) await delay(this.#options.everyMs ?? 2_000, undefined, { signal }).catch(() => {});
    this.#hurry = new AbortController();
  }

  async #empty(signal: AbortSignal): Promise<void> {
    const { ports } = this.#options;
    const upTo = this.#appended;
    for (let full = true; full && !signal.aborted; ) {
      const pending = await ports.read(this.#cursor, mostPoints);
      full = pending.full;
      if (pending.last === this.#cursor) continue;
      await this.#write(pending.batch);
      await ports.settle(pending.last);
      this.#cursor = pending.last;
    }
    this.#written = upTo;
    this.#tellWaiting(upTo);
  }

  /** A point the store will never take must not hold up the others: it is found in two more tries, and buried. */
  async #write(batch: PointBatch, retries = 0): Promise<void> {
    try {
      await this.#options.ports.write(batch);
    } catch (error) {
      if (!(error instanceof TelemetryFileError) || error.passing) throw error;
      const count = countPoints(batch);
      if (count <= 1) return await this.#bury(batch, error.message);
      const parts = slicePoints(batch, retries === 0 ? Math.ceil(Math.sqrt(count)) : 1);
      for (const part of parts) await this.#write(part, retries + 1);
    }
  }

  async #bury(batch: PointBatch, reason: string): Promise<void> {
    const letters: DeadLetter[] = [];
    eachPoint(batch, ({ series, at, value }) => {
      const [device = ''] = series.split('\t', 1);
      letters.push({ source: 'points', device, reason, body: JSON.stringify({ series, at, value: String(value) }) });
    });
    this.#options.log.error(
      { reason, device: letters[0]?.device },
      'point refused by the store: kept as a dead letter',
    );
    await this.#options.ports.bury(letters);
  }

  #tellWaiting(upTo: number): void {
    for (const waiting of this.#waiting) if (waiting.upTo <= upTo) waiting.resolve();
    this.#waiting = this.#waiting.filter((waiting) => waiting.upTo > upTo);
  }
}
