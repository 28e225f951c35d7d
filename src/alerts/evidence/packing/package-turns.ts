import { AppError } from '../../../shared/app-error.ts';

/** As many packages as may are being made already: each reads the disk that cameras are recorded to. */
export class PackagesBusyError extends AppError {
  readonly code = 'EVIDENCE_BUSY';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 30;

  constructor() {
    super('as many packages of evidence are being made as may be at once');
  }
}

/** The disk, or whoever asked, took too long. */
export class PackageTooSlowError extends AppError {
  readonly code = 'EVIDENCE_TOO_SLOW';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 60;

  constructor() {
    super('the package of evidence took too long and was given up');
  }
}

export interface PackageLimits {
  readonly atOnce: number;
  /** From the question to the last byte, milliseconds. */
  readonly wholeMs: number;
  /** Without a byte that moves, milliseconds. */
  readonly idleMs: number;
  /** Of recordings in one package. With the clips made of them a zip stays below the 4 GiB that every tool reads. */
  readonly mostBytes: number;
}

export const usualPackageLimits: PackageLimits = {
  atOnce: 2,
  wholeMs: 3_600_000,
  idleMs: 60_000,
  mostBytes: 1_536 * 1024 * 1024,
};

/** The time one package may take; its `signal` is aborted when that is over. */
export interface PackageTurn {
  readonly signal: AbortSignal;
  /** A byte has moved. */
  moved(): void;
  /** Safe to call twice. */
  end(): void;
}

/** How many packages are made at once, and how long one may take. */
export class PackageTurns {
  readonly #limits: PackageLimits;
  readonly #running = new Set<AbortController>();

  constructor(limits: PackageLimits) {
    this.#limits = limits;
  }

  /** Throws PackagesBusyError. */
  take(): PackageTurn {
    const { atOnce, wholeMs, idleMs } = this.#limits;
    if (this.#running.size >= atOnce) throw new PackagesBusyError();
    const ending = new AbortController();
    const giveUp = () => ending.abort(new PackageTooSlowError());
    const timers = [setTimeout(giveUp, wholeMs), setTimeout(giveUp, idleMs)];
    this.#running.add(ending);
    return {
      signal: ending.signal,
      moved: () => void timers[1]?.refresh(),
      end: () => {
        for (const timer of timers) clearTimeout(timer);
        this.#running.delete(ending);
        ending.abort();
      },
    };
  }

  close(): void {
    for (const running of this.#running) running.abort(new Error('the command center is stopping'));
  }
}
