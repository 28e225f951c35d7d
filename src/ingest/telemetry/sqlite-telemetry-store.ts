import { Buckets } from './buckets.ts';
import { packPoints } from './point-batch.ts';
import type { Fold, FoldQuery } from './points-table.ts';
import type { TelemetryThread } from './telemetry-calls.ts';
import {
  mostRows,
  type TelemetryPoint,
  type TelemetryQuery,
  type TelemetryRow,
  type TelemetryStore,
  TelemetryTooLongError,
  type TelemetryValue,
} from './telemetry-store.ts';

/** A commit that comes meanwhile waits so long, a few milliseconds. */
const foldedRows = 16_000;
const deadlineMs = 5_000;

/**
 * Series in the telemetry file. A query reads page by page, so that a commit waits for one page at most, and gives up
 * after its deadline.
 */
export class SqliteTelemetryStore implements TelemetryStore {
  readonly #thread: TelemetryThread;
  readonly #settled: () => Promise<void>;

  /** `settled` resolves when what was acknowledged before is in the file. */
  constructor(thread: TelemetryThread, settled: () => Promise<void> = async () => {}) {
    this.#thread = thread;
    this.#settled = settled;
  }

  async write(points: readonly TelemetryPoint[]): Promise<void> {
    await this.#thread.ask('write', packPoints(points));
  }

  async query(query: TelemetryQuery): Promise<TelemetryRow[]> {
    await this.#settled();
    const limit = Math.min(query.limit, mostRows);
    return query.everyMs === undefined
      ? await this.#page(query, { at: query.from - 1, value: Number.MAX_VALUE }, limit)
      : await this.#buckets(query, query.everyMs, limit);
  }

  async #buckets(query: TelemetryQuery, everyMs: number, limit: number): Promise<TelemetryRow[]> {
    const { device, measurement, to } = query;
    const buckets = new Buckets();
    const startedAt = performance.now();
    let after: TelemetryValue | undefined = { at: query.from - 1, value: Number.MAX_VALUE };
    while (after && buckets.length < limit) {
      const page: FoldQuery = { device, measurement, after, to, limit: foldedRows, everyMs };
      const { parts, next }: Fold = await this.#thread.ask('fold', page);
      for (const part of parts) buckets.add(part);
      after = next;
      if (performance.now() - startedAt > deadlineMs) throw new TelemetryTooLongError(deadlineMs);
    }
    return buckets.finish().slice(0, limit);
  }

  #page({ device, measurement, to }: TelemetryQuery, after: TelemetryValue, limit: number): Promise<TelemetryValue[]> {
    return this.#thread.ask('page', { device, measurement, after, to, limit });
  }
}
