import { AppError } from '../shared/app-error.ts';

/** More work waits than can be done in a reasonable time: come back later. */
export class BusyError extends AppError {
  readonly code = 'BUSY';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 2;

  constructor(waiting: number) {
    super(`${waiting} others are waiting already; try again in a moment`);
  }
}

export interface GateLimits {
  readonly atOnce: number;
  readonly waiting: number;
}

/** Lets `atOnce` pieces of work run, makes `waiting` more wait in order, and refuses the rest with `BusyError`. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#limits.atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#queue.length >= this.#limits.waiting) throw new BusyError(this.#queue.length);
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  /** The place is handed to the next one, never freed in between: nobody overtakes the queue. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
