import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileThread } from './file-thread.ts';
import type { PointBatch } from './point-batch.ts';
import type { Fold, FoldQuery, LatestValue, PageQuery, PruneSlice } from './points-table.ts';
import type { OutboxRow, TelemetryDatabaseOptions } from './telemetry-database.ts';
import type { TelemetryValue } from './telemetry-store.ts';

/** What the main thread may ask of the file of series, and what it gets. */
export interface TelemetryCalls {
  /** One transaction; a point that is there already changes nothing. */
  write(batch: PointBatch): void;
  outboxDepth(input: undefined): number;
  readOutbox(limit: number): OutboxRow[];
  settleOutbox(seq: number): void;
  page(query: PageQuery): TelemetryValue[];
  fold(query: FoldQuery): Fold;
  latest(until: number): LatestValue[];
  prune(slice: PruneSlice): PruneResult;
}

/** `next` is the series to go on with; undefined when all are done. */
export interface PruneResult {
  readonly deleted: number;
  readonly next?: number;
}

export type TelemetryThread = FileThread<TelemetryCalls>;

/** Resolves once the file is open and its tables are there. Fails with TelemetryFileError. */
export async function openTelemetry(options: TelemetryDatabaseOptions): Promise<TelemetryThread> {
  await mkdir(dirname(options.path), { recursive: true });
  const thread = new FileThread<TelemetryCalls>(new URL('./telemetry-worker.ts', import.meta.url), options);
  await thread.ask('outboxDepth', undefined);
  return thread;
}
