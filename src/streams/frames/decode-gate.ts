import { AppError } from '../../shared/app-error.ts';

/** More pictures are asked for than can be decoded in good time. */
export class DecodersBusyError extends AppError {
  readonly code = 'DECODERS_BUSY';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 2;

  constructor() {
    super('Pictures of many cameras are asked for at once; this one would come too late.');
  }
}

export interface DecodeGateOptions {
  readonly parallel?: number;
  readonly waiting?: number;
  readonly deadlineMs?: number;
}

/** Snapshots of all cameras together: so many are decoded at once, so many may wait, so long. */
export class DecodeGate {
  readonly #parallel: number;
  readonly #maxWaiting: number;
  readonly #deadlineMs: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor({ parallel = 2, waiting = 64, deadlineMs = 8_000 }: DecodeGateOptions = {}) {
    this.#parallel = parallel;
    this.#maxWaiting = waiting;
    this.#deadlineMs = deadlineMs;
  }

  /** Does the work when its turn comes. Rejects with DecodersBusyError when that is too late or too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#parallel) await this.#turn();
    else this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** The place is handed over, never free in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside -= 1;
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) throw new DecodersBusyError();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(resolve), 1);
      reject(new DecodersBusyError());
    }, this.#deadlineMs);
    await promise.finally(() => clearTimeout(timer));
  }
}
