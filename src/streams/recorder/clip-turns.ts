import { addAbortSignal, pipeline, type Readable, Transform } from 'node:stream';
import { AppError } from '../../shared/app-error.ts';

/** As many clips as may are being made already: each reads the disk that cameras are recorded to. */
export class ClipsBusyError extends AppError {
  readonly code = 'CLIPS_BUSY';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 10;

  constructor() {
    super('As many clips are being made as may be at once.');
  }
}

/** The disk, or whoever asked, took too long. */
export class ClipTooSlowError extends AppError {
  readonly code = 'CLIP_TOO_SLOW';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 60;

  constructor() {
    super('The clip took too long and was given up.');
  }
}

export interface ClipLimits {
  readonly atOnce: number;
  /** From the question to the last byte, milliseconds. */
  readonly wholeMs: number;
  /** Without a byte that moves, milliseconds. */
  readonly idleMs: number;
}

export const usualClipLimits: ClipLimits = { atOnce: 4, wholeMs: 3_600_000, idleMs: 60_000 };

/** How many clips are made at once, and how long one may take. */
export class ClipTurns {
  readonly #limits: ClipLimits;
  readonly #running = new Set<ClipTurn>();

  constructor(limits: ClipLimits = usualClipLimits) {
    this.#limits = limits;
  }

  get used(): number {
    return this.#running.size;
  }

  /** Throws ClipsBusyError. */
  take(): ClipTurn {
    if (this.#running.size >= this.#limits.atOnce) throw new ClipsBusyError();
    const turn = new ClipTurn(this.#limits, () => this.#running.delete(turn));
    this.#running.add(turn);
    return turn;
  }

  /** Safe to call twice; no clip goes on. */
  close(): void {
    for (const turn of this.#running) turn.giveUp();
  }
}

/** The time one clip may take, from the question to its last byte. */
export class ClipTurn {
  readonly #ending = new AbortController();
  readonly #gaveUp = Promise.withResolvers<undefined>();
  readonly #whole: NodeJS.Timeout;
  readonly #idle: NodeJS.Timeout;
  readonly #onEnd: () => void;

  constructor({ wholeMs, idleMs }: ClipLimits, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#whole = setTimeout(() => this.giveUp(), wholeMs);
    this.#idle = setTimeout(() => this.giveUp(), idleMs);
  }

  /** Throws ClipTooSlowError when the time is over before the work is. */
  async within<T extends object>(work: Promise<T>): Promise<T> {
    const done = await Promise.race([work, this.#gaveUp.promise]);
    if (!done) throw new ClipTooSlowError();
    return done;
  }

  /** The same bytes, destroyed when the time is over, even while the disk hangs; when they end, in whatever way, the turn does. */
  guard(bytes: Readable): Readable {
    const guarded = new Transform({
      transform: (piece, _encoding, done) => {
        this.#idle.refresh();
        done(null, piece);
      },
    });
    guarded.once('close', () => this.end());
    // Whoever reads it is told by its end; when nobody does any more, it is no fault of ours.
    pipeline(bytes, guarded, () => undefined);
    return addAbortSignal(this.#ending.signal, guarded);
  }

  /** Safe to call twice. */
  end(): void {
    clearTimeout(this.#whole);
    clearTimeout(this.#idle);
    this.#onEnd();
  }

  giveUp(): void {
    this.#gaveUp.resolve(undefined);
    this.#ending.abort();
    this.end();
  }
}
