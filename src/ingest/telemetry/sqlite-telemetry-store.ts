import { Buckets } from './buckets.ts';
import { packBatch } from './spool-batch.ts';
import {
  mostRows,
  type TelemetryPoint,
  type TelemetryQuery,
  type TelemetryRow,
  type TelemetryStore,
  TelemetryTooLongError,
  type TelemetryValue,
} from './telemetry-store.ts';
import type { TelemetryThread } from './telemetry-thread.ts';

const pageRows = 4_000;
const deadlineMs = 5_000;

/**
 * Series in the telemetry file. A query reads page by page, so that a commit waits for one page at most, and gives up
 * after its deadline.
 */
export class SqliteTelemetryStore implements TelemetryStore {
  readonly #thread: TelemetryThread;

  constructor(thread: TelemetryThread) {
    this.#thread = thread;
  }

  async write(points: readonly TelemetryPoint[]): Promise<void> {
    await this.#thread.ask('append', packBatch([{ device: '', points }]));
  }

  async query(query: TelemetryQuery): Promise<TelemetryRow[]> {
    const limit = Math.min(query.limit, mostRows);
    return query.everyMs === undefined
      ? this.#page(query, { at: query.from - 1, value: Number.MAX_VALUE }, limit)
      : this.#buckets(query, query.everyMs, limit);
  }

  async #buckets(query: TelemetryQuery, everyMs: number, limit: number): Promise<TelemetryRow[]> {
    const buckets = new Buckets(everyMs);
    const startedAt = performance.now();
    let after: TelemetryValue = { at: query.from - 1, value: Number.MAX_VALUE };
    while (buckets.length < limit) {
      const page = await this.#page(query, after, pageRows);
      for (const value of page) buckets.add(value);
      const last = page.at(-1);
      if (!last || page.length < pageRows) break;
      after = last;
      if (performance.now() - startedAt > deadlineMs) throw new TelemetryTooLongError(deadlineMs);
    }
    return buckets.finish().slice(0, limit);
  }

  #page({ device, measurement, to }: TelemetryQuery, after: TelemetryValue, limit: number): Promise<TelemetryValue[]> {
    return this.#thread.ask('page', { device, measurement, after, to, limit });
  }
}
