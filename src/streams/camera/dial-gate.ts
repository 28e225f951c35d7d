/** At most `limit` cameras are dialled at once (T14): after a power cut they all want to. */
export class DialGate {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves with the function that gives the place back, or undefined when the signal aborted first. */
  async enter(signal: AbortSignal): Promise<(() => void) | undefined> {
    if (this.#inside >= this.#limit) await this.#turn(signal);
    if (signal.aborted) return undefined;
    this.#inside += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#inside -= 1;
      this.#wakeNext();
    };
  }

  async #turn(signal: AbortSignal): Promise<void> {
    while (this.#inside >= this.#limit && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      this.#waiting.delete(resolve);
    }
    if (signal.aborted) this.#wakeNext();
  }

  #wakeNext(): void {
    const [next] = this.#waiting;
    next?.();
  }
}
