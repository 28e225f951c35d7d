import type { TelemetryBucket } from './telemetry-store.ts';

/** Some of the values of one bucket, which starts at `at`. */
export interface BucketPart {
  readonly at: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly last: number;
  readonly count: number;
}

type OpenPart = { -readonly [K in keyof BucketPart]: BucketPart[K] };

/** Folds values that come in the order of time into parts of buckets. */
export class BucketParts {
  readonly #everyMs: number;
  readonly #parts: OpenPart[] = [];
  #open: OpenPart | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  get all(): readonly BucketPart[] {
    return this.#parts;
  }

  add(at: number, value: number): void {
    const start = Math.floor(at / this.#everyMs) * this.#everyMs;
    const open = this.#open;
    if (open?.at !== start) {
      this.#open = { at: start, min: value, max: value, sum: value, last: value, count: 1 };
      this.#parts.push(this.#open);
      return;
    }
    if (value < open.min) open.min = value;
    if (value > open.max) open.max = value;
    open.sum += value;
    open.last = value;
    open.count += 1;
  }
}

/** Puts buckets together from parts that come in the order of time; holds the open one apart. */
export class Buckets {
  readonly #done: TelemetryBucket[] = [];
  #open: BucketPart | undefined;

  /** Closed buckets so far. */
  get length(): number {
    return this.#done.length;
  }

  add(part: BucketPart): void {
    const open = this.#open;
    if (open?.at !== part.at) {
      this.#close();
      this.#open = part;
      return;
    }
    this.#open = {
      ...part,
      min: Math.min(open.min, part.min),
      max: Math.max(open.max, part.max),
      sum: open.sum + part.sum,
      count: open.count + part.count,
    };
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
