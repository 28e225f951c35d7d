export interface FloodLimit {
  /** New alerts one source may raise within a window. */
  readonly limit: number;
  readonly windowMs: number;
}

interface Window {
  readonly endsAt: number;
  raised: number;
}

/** Above this many sources, windows that are over are forgotten. */
const sweepAt = 1_000;

/** Counts what each source raises, so that one gone wild cannot bury the others. Times are monotonic milliseconds. */
export class FloodGuard {
  readonly #limit: FloodLimit;
  readonly #windows = new Map<string, Window>();

  constructor(limit: FloodLimit) {
    this.#limit = limit;
  }

  /** May the source raise another? Counts nothing. */
  admits(source: string, now: number): boolean {
    const window = this.#windows.get(source);
    return !window || window.endsAt <= now || window.raised < this.#limit.limit;
  }

  raised(source: string, now: number): void {
    this.#at(source, now).raised += 1;
  }

  #at(source: string, now: number): Window {
    const known = this.#windows.get(source);
    if (known && known.endsAt > now) return known;
    if (this.#windows.size >= sweepAt) this.#sweep(now);
    const window = { endsAt: now + this.#limit.windowMs, raised: 0 };
    this.#windows.set(source, window);
    return window;
  }

  #sweep(now: number): void {
    for (const [source, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(source);
  }
}
