import { type PointBatch, packPoints } from './point-batch.ts';
import type { TelemetryPoint } from './telemetry-store.ts';

/** What one device message leaves on disk before it is acknowledged. */
export interface SpoolEntry {
  readonly device: string;
  /** The message as JSON (one line). */
  readonly body: string;
  readonly points: readonly TelemetryPoint[];
}

/** Entries on their way to the spool's thread. */
export interface SpoolBatch {
  /** Lines of `device TAB body`. */
  readonly messages: string;
  readonly points: PointBatch;
}

export function packBatch(entries: readonly SpoolEntry[]): SpoolBatch {
  const messages = entries.map(({ device, body }) => `${device}\t${body}`).join('\n');
  return { messages, points: packPoints(entries.flatMap(({ points }) => points)) };
}

/** Calls back for each message in order. */
export function eachMessage({ messages }: SpoolBatch, take: (device: string, body: string) => void): void {
  if (messages === '') return;
  for (const line of messages.split('\n')) {
    const tab = line.indexOf('\t');
    take(line.slice(0, tab), line.slice(tab + 1));
  }
}
