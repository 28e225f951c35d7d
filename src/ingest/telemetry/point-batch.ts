import type { TelemetryPoint } from './telemetry-store.ts';

/** Points as they cross threads and lie in the spool: one long string and one block of numbers, which are cheap to hand over. */
export interface PointBatch {
  /** Lines of `device TAB measurement`, one a point. */
  readonly series: string;
  /** Triples of time, time of receipt and value, one a point. */
  readonly numbers: Float64Array;
}

/** A point by the name of its series, `device TAB measurement`. */
export interface PackedPoint {
  readonly series: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly value: number;
}

const numbersEach = 3;

export function packPoints(points: readonly TelemetryPoint[]): PointBatch {
  const series: string[] = [];
  const numbers = new Float64Array(points.length * numbersEach);
  for (const [index, { device, measurement, at, receivedAt, value }] of points.entries()) {
    series.push(`${device}\t${measurement}`);
    numbers[numbersEach * index] = at;
    numbers[numbersEach * index + 1] = receivedAt;
    numbers[numbersEach * index + 2] = value;
  }
  return { series: series.join('\n'), numbers };
}

/** Calls back for each point in order. */
export function eachPoint({ series, numbers }: PointBatch, take: (point: PackedPoint) => void): void {
  if (series === '') return;
  let at = 0;
  for (const name of series.split('\n')) {
    take({ series: name, at: numbers[at] ?? 0, receivedAt: numbers[at + 1] ?? 0, value: numbers[at + 2] ?? 0 });
    at += numbersEach;
  }
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

export function countPoints({ numbers }: PointBatch): number {
  return numbers.length / numbersEach;
}

/** Two halves, to find the one with the point at fault. */
export function halvePoints({ series, numbers }: PointBatch): [PointBatch, PointBatch] {
  const names = series.split('\n');
  const half = Math.ceil(names.length / 2);
  return [
    { series: names.slice(0, half).join('\n'), numbers: numbers.slice(0, numbersEach * half) },
    { series: names.slice(half).join('\n'), numbers: numbers.slice(numbersEach * half) },
  ];
}
