import { type Backoff, retryDelayMs } from './backoff.ts';

const mostCrashes = 5;
const windowMs = 60_000;
const restMs = 60_000;
const usualBackoff: Backoff = { baseMs: 500, maxMs: 15_000 };

/** Says how long to leave a process alone that died: longer each time, a minute after more than 5 deaths in one (T18). */
export class CrashBreaker {
  readonly #deaths: number[] = [];
  readonly #random: () => number;
  readonly #backoff: Backoff;

  constructor(random: () => number = Math.random, backoff: Backoff = usualBackoff) {
    this.#random = random;
    this.#backoff = backoff;
  }

  /** `now` is a monotonic clock's, milliseconds. */
  crashed(now: number): { readonly open: boolean; readonly delayMs: number } {
    this.#deaths.push(now);
    while ((this.#deaths[0] ?? now) < now - windowMs) this.#deaths.shift();
    const recent = this.#deaths.length;
    if (recent > mostCrashes) return { open: true, delayMs: restMs };
    return { open: false, delayMs: retryDelayMs(this.#backoff, recent - 1, this.#random) };
  }
}
