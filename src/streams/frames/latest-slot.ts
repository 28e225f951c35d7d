/** Room for one value: a new one takes the place of one that nobody took. */
export class LatestSlot<T> {
  #value: T | undefined;
  #wake: (() => void) | undefined;

  put(value: T): void {
    this.#value = value;
    this.#wake?.();
  }

  /** The next value, or undefined once the signal aborts. */
  async take(signal: AbortSignal): Promise<T | undefined> {
    while (this.#value === undefined && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const onAbort = () => resolve();
      signal.addEventListener('abort', onAbort, { once: true });
      await promise;
      signal.removeEventListener('abort', onAbort);
    }
    if (signal.aborted) return undefined;
    const value = this.#value;
    this.#value = undefined;
    return value;
  }
}
