import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../shared/app-error.ts';
import type { CallInput, CallName, CallResult, TelemetryReply, TelemetryRequest } from './telemetry-calls.ts';
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

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The telemetry file seen from the main thread: calls in, results out, in order. */
export class TelemetryThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #failed: Error | undefined;
  #ended: Promise<void> | undefined;

  private constructor(options: TelemetryDatabaseOptions) {
    this.#worker = new Worker(new URL('./telemetry-worker.ts', import.meta.url), { workerData: options });
    this.#worker.on('message', (reply: TelemetryReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(new TelemetryFileError(error.message)));
    this.#worker.on('exit', () => this.#fail(new TelemetryFileError('it is closed')));
  }

  /** Resolves once the file is open and its tables are there. */
  static async open(options: TelemetryDatabaseOptions): Promise<TelemetryThread> {
    await mkdir(dirname(options.path), { recursive: true });
    const thread = new TelemetryThread(options);
    await thread.ask('positions', undefined);
    return thread;
  }

  ask<N extends CallName>(call: N, input: CallInput<N>): Promise<CallResult<N>> {
    if (this.#failed) return Promise.reject(this.#failed);
    this.#lastId += 1;
    const request: TelemetryRequest = { id: this.#lastId, call, input };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve: (result) => resolve(result as CallResult<N>), reject });
      this.#worker.postMessage(request);
    });
  }

  /** Everything asked before is answered first. */
  close(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    if (this.#failed) return;
    const exited = once(this.#worker, 'exit');
    this.#worker.postMessage('close');
    await exited;
  }

  #settle(reply: TelemetryReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new TelemetryFileError(reply.error, reply.sqlite));
    else waiting?.resolve(reply.result);
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failed);
    this.#waiting.clear();
  }
}
