import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../shared/app-error.ts';
import { WorkerCalls } from '../../shared/worker-calls.ts';
import type { CallInput, CallName, CallResult, TelemetryCall } from './telemetry-calls.ts';
import type { TelemetryDatabaseOptions } from './telemetry-database.ts';

/** SQLite's primary result codes for a disk that may come back: BUSY, LOCKED, IOERR, FULL, CANTOPEN. */
const passing = new Set([5, 6, 10, 13, 14]);

/** The telemetry file could not do what was asked. */
export class TelemetryFileError extends AppError {
  readonly code = 'TELEMETRY_FILE';
  /** True where waiting may help (a full disk); false where the request itself is at fault. */
  readonly passing: boolean;

  constructor(reason: string, sqlite?: number) {
    super(`the telemetry file failed: ${reason}`);
    this.passing = sqlite !== undefined && passing.has(sqlite & 0xff);
  }
}

/** The telemetry file seen from the main thread: calls in, results out, in order. */
export class TelemetryThread {
  readonly #calls: WorkerCalls<TelemetryCall, unknown>;

  private constructor(options: TelemetryDatabaseOptions) {
    const worker = new Worker(new URL('./telemetry-worker.ts', import.meta.url), { workerData: options });
    this.#calls = new WorkerCalls(worker, (reason, sqlite) => new TelemetryFileError(reason, sqlite));
  }

  /** Resolves once the file is open and its tables are there. */
  static async open(options: TelemetryDatabaseOptions): Promise<TelemetryThread> {
    await mkdir(dirname(options.path), { recursive: true });
    const thread = new TelemetryThread(options);
    await thread.ask('positions', undefined);
    return thread;
  }

  async ask<N extends CallName>(call: N, input: CallInput<N>): Promise<CallResult<N>> {
    return (await this.#calls.ask({ call, input })) as CallResult<N>;
  }

  /** Everything asked before is answered first. */
  close(): Promise<void> {
    return this.#calls.close();
  }
}
