import { type WorkerReply, workerFailure } from '../../shared/worker-calls.ts';
import type { Fold, FoldQuery, LatestValue, PageQuery } from './points-table.ts';
import type { SpoolBatch } from './spool-batch.ts';
import type { DeadLetter, DeadMessage, OutboxRow, SpoolRow, TelemetryDatabase } from './telemetry-database.ts';
import type { TelemetryValue } from './telemetry-store.ts';

/** What the main thread may ask of the telemetry thread, and what it gets. */
export interface TelemetryCalls {
  append(batch: SpoolBatch): number;
  positions(): { readonly head: number; readonly cursor: number };
  depth(): { spool: number; outbox: number; deadLetters: number };
  readSpool(from: { readonly after: number; readonly limit: number }): SpoolRow[];
  advance(seq: number): void;
  bury(letters: readonly DeadLetter[]): void;
  deadSos(limit: number): DeadMessage[];
  unbury(id: number): void;
  readOutbox(limit: number): OutboxRow[];
  settleOutbox(seq: number): void;
  page(query: PageQuery): TelemetryValue[];
  fold(query: FoldQuery): Fold;
  latest(until: number): LatestValue[];
  prune(slice: PruneSlice): PruneResult;
}

/** One bite of forgetting: series after series, never long enough to delay a commit. */
export interface PruneSlice {
  readonly series: number;
  readonly before: number;
  readonly most: number;
}

/** `next` is the series to go on with; undefined when all are done. */
export interface PruneResult {
  readonly deleted: number;
  readonly next?: number;
}

export type CallName = keyof TelemetryCalls;
export type CallInput<N extends CallName> = Parameters<TelemetryCalls[N]>[0];
export type CallResult<N extends CallName> = ReturnType<TelemetryCalls[N]>;

export interface TelemetryCall {
  readonly call: CallName;
  readonly input: unknown;
}

export type TelemetryRequest = TelemetryCall & { readonly id: number };

/** Runs one request; a failure is a reply too. */
export function answer(database: TelemetryDatabase, { id, call, input }: TelemetryRequest): WorkerReply<unknown> {
  try {
    const calls: Record<CallName, (input: never) => unknown> = callsOf(database);
    return { id, result: calls[call](input as never) };
  } catch (error) {
    return workerFailure(id, error);
  }
}

function callsOf(database: TelemetryDatabase): TelemetryCalls {
  return {
    append: (batch) => database.append(batch),
    positions: () => ({ head: database.head(), cursor: database.cursor() }),
    depth: () => database.depth(),
    readSpool: ({ after, limit }) => database.readSpool(after, limit),
    advance: (seq) => database.advance(seq),
    bury: (letters) => database.bury(letters),
    deadSos: (limit) => database.deadSos(limit),
    unbury: (id) => database.unbury(id),
    readOutbox: (limit) => database.readOutbox(limit),
    settleOutbox: (seq) => database.settleOutbox(seq),
    page: (query) => database.points.page(query),
    fold: (query) => database.points.fold(query),
    latest: (until) => database.points.latest(until),
    prune: (slice) => database.prune(slice),
  };
}
