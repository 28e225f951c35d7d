/** One thing after another at a beat, one at a time: what takes longer than a beat leaves beats out. */
export class Rounds {
  readonly #everyMs: number;
  readonly #turn: (signal: AbortSignal) => Promise<unknown>;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> | undefined;

  /** A turn that fails is as good as done. */
  constructor(everyMs: number, turn: (signal: AbortSignal) => Promise<unknown>) {
    this.#everyMs = everyMs;
    this.#turn = turn;
  }

  start(): void {
    if (this.#closing.signal.aborted) return;
    this.#timer ??= setInterval(() => this.wake(), this.#everyMs).unref();
  }

  /** A turn now, and not at the next beat. */
  wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#running ??= this.#turn(this.#closing.signal)
      .catch(() => undefined)
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Safe to call twice; once it resolves, no turn is running. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#running;
  }
}
