import type { TelemetryPoint } from './telemetry-store.ts';

/** What one device message leaves on disk before it is acknowledged. */
export interface SpoolEntry {
  readonly device: string;
  /** The message as JSON (one line); an entry without one only stores points. */
  readonly body?: string;
  readonly points: readonly TelemetryPoint[];
}

/** Entries on their way to the telemetry thread: a few long strings and one block of numbers, which are cheap to hand over. */
export interface SpoolBatch {
  /** Lines of `device TAB body`. */
  readonly messages: string;
  /** Lines of `device TAB measurement`, one a point. */
  readonly series: string;
  /** Triples of time, time of receipt and value, one a point. */
  readonly numbers: Float64Array;
}

export function packBatch(entries: readonly SpoolEntry[]): SpoolBatch {
  const messages: string[] = [];
  const series: string[] = [];
  const numbers: number[] = [];
  for (const { device, body, points } of entries) {
    if (body !== undefined) messages.push(`${device}\t${body}`);
    for (const { measurement, at, receivedAt, value, device: owner } of points) {
      series.push(`${owner}\t${measurement}`);
      numbers.push(at, receivedAt, value);
    }
  }
  return { messages: messages.join('\n'), series: series.join('\n'), numbers: Float64Array.from(numbers) };
}

/** Calls back for each message in order. */
export function eachMessage({ messages }: SpoolBatch, take: (device: string, body: string) => void): void {
  if (messages === '') return;
  for (const line of messages.split('\n')) {
    const tab = line.indexOf('\t');
    take(line.slice(0, tab), line.slice(tab + 1));
  }
}

/** A point by the name of its series, `device TAB measurement`. */
export interface PackedPoint {
  readonly series: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly value: number;
}

/** Calls back for each point in order. */
export function eachPoint({ series, numbers }: SpoolBatch, take: (point: PackedPoint) => void): void {
  if (series === '') return;
  for (const [index, name] of series.split('\n').entries()) {
    const [at = 0, receivedAt = 0, value = 0] = numbers.subarray(3 * index, 3 * index + 3);
    take({ series: name, at, receivedAt, value });
  }
}
