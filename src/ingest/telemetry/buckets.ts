import type { TelemetryBucket, TelemetryValue } from './telemetry-store.ts';

/** Folds values that come in the order of time into buckets; holds the open one only. */
export class Buckets {
  readonly #everyMs: number;
  readonly #done: TelemetryBucket[] = [];
  #open: { at: number; min: number; max: number; sum: number; last: number; count: number } | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Closed buckets so far. */
  get length(): number {
    return this.#done.length;
  }

  add({ at, value }: TelemetryValue): void {
    const start = bucketStart(at, this.#everyMs);
    if (this.#open?.at !== start) {
      this.#close();
      this.#open = { at: start, min: value, max: value, sum: 0, last: value, count: 0 };
    }
    this.#open.min = Math.min(this.#open.min, value);
    this.#open.max = Math.max(this.#open.max, value);
    this.#open.sum += value;
    this.#open.last = value;
    this.#open.count += 1;
  }

  finish(): TelemetryBucket[] {
    this.#close();
    return this.#done;
  }

  #close(): void {
    if (!this.#open) return;
    const { at, min, max, sum, last, count } = this.#open;
    this.#done.push({ at, min, mean: sum / count, max, last, count });
    this.#open = undefined;
  }
}

export function bucketStart(at: number, everyMs: number): number {
  return Math.floor(at / everyMs) * everyMs;
}
