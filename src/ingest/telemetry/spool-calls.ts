import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileThread } from './file-thread.ts';
import type { SpoolBatch } from './spool-batch.ts';
import type { DeadLetter, DeadMessage, PendingPoints, SpoolRow } from './spool-database.ts';

/** What the main thread may ask of the spool's file, and what it gets. */
export interface SpoolCalls {
  /** One transaction, one fsync. Answers the number of the last spooled message. */
  append(batch: SpoolBatch): number;
  /** The last message, the last one delivered, and the last row of points that is in the store. */
  positions(input: undefined): { readonly head: number; readonly cursor: number; readonly pointsCursor: number };
  depth(input: undefined): { readonly spool: number; readonly deadLetters: number };
  readSpool(from: { readonly after: number; readonly limit: number }): SpoolRow[];
  /** Every message up to here is delivered: it is forgotten in the same transaction. */
  advance(seq: number): void;
  /** About `most` points. */
  readPoints(from: { readonly after: number; readonly most: number }): PendingPoints;
  /** Every row of points up to here is in the store: it is forgotten in the same transaction. */
  settlePoints(seq: number): void;
  bury(letters: readonly DeadLetter[]): void;
  /** The calls for help among the dead letters, oldest first. */
  deadSos(limit: number): DeadMessage[];
  unbury(id: number): void;
}

export type SpoolThread = FileThread<SpoolCalls>;

/** Resolves once the file is open and its tables are there. Fails with TelemetryFileError. */
export async function openSpool(path: string): Promise<SpoolThread> {
  await mkdir(dirname(path), { recursive: true });
  const thread = new FileThread<SpoolCalls>(new URL('./spool-worker.ts', import.meta.url), { path });
  await thread.ask('positions', undefined);
  return thread;
}
