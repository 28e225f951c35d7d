import { performance } from 'node:perf_hooks';

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

/** Counts what each source raises, so that one gone wild cannot bury the others. */
export class FloodGuard {
  readonly #limit: FloodLimit;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  /** `now` is a monotonic clock in milliseconds. */
  constructor(limit: FloodLimit, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Counts one more of the source; false, and nothing counted, when its share is used up. */
  admit(source: string): boolean {
    const window = this.#window(source);
    if (window.raised >= this.#limit.limit) return false;
    window.raised += 1;
    return true;
  }

  /** What was counted turned out to be nothing new. */
  giveBack(source: string): void {
    const window = this.#windows.get(source);
    if (window) window.raised = Math.max(0, window.raised - 1);
  }

  #window(source: string): Window {
    const now = this.#now();
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
