import type { PointBatch } from './point-batch.ts';

/** What one device message leaves on disk before it is acknowledged. */
export interface SpoolEntry {
  readonly device: string;
  /** The message as JSON (one line). */
  readonly body: string;
  /** Of its points: when it was, and when it came, milliseconds since 1970. */
  readonly at: number;
  readonly receivedAt: number;
  /** Its points: measurement to value. */
  readonly measured: Readonly<Record<string, number>>;
}

/** Entries on their way to the spool's thread. */
export interface SpoolBatch {
  /** Lines of `device TAB body`. */
  readonly messages: string;
  readonly points: PointBatch;
}

export function packBatch(entries: readonly SpoolEntry[]): SpoolBatch {
  const messages: string[] = [];
  const series: string[] = [];
  const numbers: number[] = [];
  for (const { device, body, at, receivedAt, measured } of entries) {
    messages.push(`${device}\t${body}`);
    const measurements = Object.keys(measured);
    if (measurements.length === 0) continue;
    series.push(`${device}\t${measurements.join('\t')}`);
    numbers.push(at, receivedAt);
    for (const measurement of measurements) numbers.push(measured[measurement] ?? Number.NaN);
  }
  return { messages: messages.join('\n'), points: { series: series.join('\n'), numbers: Float64Array.from(numbers) } };
}

/** Calls back for each message in order. */
export function eachMessage({ messages }: SpoolBatch, take: (device: string, body: string) => void): void {
  if (messages === '') return;
  for (const line of messages.split('\n')) {
    const tab = line.indexOf('\t');
    take(line.slice(0, tab), line.slice(tab + 1));
  }
}
