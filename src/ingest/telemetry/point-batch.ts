import type { TelemetryPoint } from './telemetry-store.ts';

/** Points as they cross threads and lie in the spool: one long string and one block of numbers, which are cheap to hand over. */
export interface PointBatch {
  /** Lines of `device TAB measurement TAB measurement …`, one for what a device measured at one time. */
  readonly series: string;
  /** For each line the time, the time of receipt, and a value for each of its measurements. */
  readonly numbers: Float64Array;
}

/** A point by the name of its series, `device TAB measurement`. */
export interface PackedPoint {
  readonly series: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly value: number;
}

/** Before the values of a line. */
export const timesEach = 2;

export function packPoints(points: readonly TelemetryPoint[]): PointBatch {
  const lines = points.map(({ device, measurement }) => `${device}\t${measurement}`);
  const numbers = points.flatMap(({ at, receivedAt, value }) => [at, receivedAt, value]);
  return { series: lines.join('\n'), numbers: Float64Array.from(numbers) };
}

/** Calls back for each point in order. */
export function eachPoint(batch: PointBatch, take: (point: PackedPoint) => void): void {
  const { numbers } = batch;
  let start = 0;
  for (const line of linesOf(batch)) {
    const [at = 0, receivedAt = 0] = [numbers[start], numbers[start + 1]];
    const series = seriesOf(line);
    for (const [index, name] of series.entries())
      take({ series: name, at, receivedAt, value: numbers[start + timesEach + index] ?? 0 });
    start += timesEach + series.length;
  }
}

/** `device TAB measurement` for each measurement of a line. */
export function seriesOf(line: string): string[] {
  const [device = '', ...measurements] = line.split('\t');
  return measurements.map((measurement) => `${device}\t${measurement}`);
}

export function linesOf({ series }: PointBatch): string[] {
  return series === '' ? [] : series.split('\n');
}

export function joinPoints(batches: readonly PointBatch[]): PointBatch {
  const numbers = new Float64Array(batches.reduce((sum, batch) => sum + batch.numbers.length, 0));
  let at = 0;
  for (const batch of batches) {
    numbers.set(batch.numbers, at);
    at += batch.numbers.length;
  }
  return { series: batches.map(({ series }) => series).join('\n'), numbers };
}

export function countPoints(batch: PointBatch): number {
  return batch.numbers.length - timesEach * linesOf(batch).length;
}

/** Parts of so many points each, to find the ones with a point at fault. */
export function slicePoints(batch: PointBatch, size: number): PointBatch[] {
  const points: PackedPoint[] = [];
  eachPoint(batch, (point) => points.push(point));
  const slices = Array.from({ length: Math.ceil(points.length / size) }, (_, n) => n * size);
  return slices.map((start) => repack(points.slice(start, start + size)));
}

function repack(points: readonly PackedPoint[]): PointBatch {
  const numbers = points.flatMap(({ at, receivedAt, value }) => [at, receivedAt, value]);
  return { series: points.map(({ series }) => series).join('\n'), numbers: Float64Array.from(numbers) };
}
