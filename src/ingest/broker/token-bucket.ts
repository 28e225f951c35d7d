/** So much a second and so much at once; may be overdrawn, and then takes the longer to be due again. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #most: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, { most, now }: { readonly most: number; readonly now: number }) {
    this.#perSecond = perSecond;
    this.#most = most;
    this.#tokens = most;
    this.#at = now;
  }

  /** Milliseconds until something of this cost would be due; `now` is of a clock that never goes back. */
  waitMs(cost: number, now: number): number {
    this.#fill(now);
    return Math.max(0, ((cost - this.#tokens) / this.#perSecond) * 1_000);
  }

  spend(cost: number): void {
    this.#tokens -= cost;
  }

  #fill(now: number): void {
    this.#tokens = Math.min(this.#most, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
  }
}
