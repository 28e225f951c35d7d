/** Between two dials once the first `limit` are out: a thousand cameras do not hear from us in the same second. */
const usualPaceMs = 25;

/** Gives a place back; the second call does nothing. */
export type LeaveGate = () => void;

/** At most `limit` cameras are dialled at once, and so many at most one after the other (T14): after a power cut they all want to. */
export class DialGate {
  readonly #limit: number;
  readonly #paceMs: number;
  /** Who asks for the first time goes before who is dialled again: a seat does not wait behind a hundred dead cameras. */
  readonly #lines: readonly [first: Set<() => void>, again: Set<() => void>] = [new Set(), new Set()];
  #inside = 0;
  /** When the dials so far would all have been due at the pace. */
  #dueAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limit: number, paceMs = usualPaceMs) {
    this.#limit = limit;
    this.#paceMs = paceMs;
  }

  /** Resolves with the function that gives the place back, or undefined when the signal aborted first. */
  async enter(signal: AbortSignal, attempt = 1): Promise<LeaveGate | undefined> {
    if (signal.aborted) return undefined;
    const line = this.#lines[attempt > 1 ? 1 : 0];
    const turn = Promise.withResolvers<boolean>();
    const admit = () => turn.resolve(true);
    const giveUp = () => {
      line.delete(admit);
      turn.resolve(false);
      this.#rest();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    line.add(admit);
    this.#admit();
    const admitted = await turn.promise;
    signal.removeEventListener('abort', giveUp);
    if (!admitted) return undefined;
    const leave = this.#place();
    if (!signal.aborted) return leave;
    leave();
    return undefined;
  }

  #place(): LeaveGate {
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#inside -= 1;
      this.#admit();
    };
  }

  #admit(): void {
    while (this.#inside < this.#limit) {
      const line = this.#lines.find(({ size }) => size > 0);
      const [next] = line ?? [];
      if (!line || !next) return;
      const waitMs = this.#waitMs();
      if (waitMs > 0) {
        this.#timer ??= setTimeout(() => this.#wake(), waitMs);
        return;
      }
      line.delete(next);
      this.#inside += 1;
      next();
    }
  }

  /** Nothing when a dial may go now, and then it counts as gone. */
  #waitMs(): number {
    const now = performance.now();
    const dueAt = Math.max(this.#dueAt, now) + this.#paceMs;
    const waitMs = Math.ceil(dueAt - now - this.#limit * this.#paceMs);
    if (waitMs <= 0) this.#dueAt = dueAt;
    return waitMs;
  }

  #wake(): void {
    this.#timer = undefined;
    this.#admit();
  }

  /** Nobody waits: no timer either. */
  #rest(): void {
    if (this.#lines.some(({ size }) => size > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
