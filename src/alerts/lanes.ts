/** Runs the work of one key one after another, the work of different keys side by side. */
export class Lanes {
  readonly #running = new Map<string, Promise<unknown>>();

  /** Each waits for the one before it alone: ten thousand behind each other wake one at a time. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#running.get(key);
    const running = before ? settled(before).then(work) : work();
    this.#running.set(key, running);
    try {
      return await running;
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key);
    }
  }

  isBusy(key: string): boolean {
    return this.#running.has(key);
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(settled));
  }
}

/** Its own caller hears of the failure; who waits behind it only needs to know that it is over. */
const settled = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);
