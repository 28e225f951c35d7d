import { once } from 'node:events';
import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { AppError } from '../shared/app-error.ts';
import type { StoreReply, StoreRequest } from './sqlite-worker.ts';

/** The operational database refused or could not run a statement. */
export class StoreError extends AppError {
  readonly code = 'STORE_FAILED';
  readonly sqlite: number | undefined;

  constructor(reason: string, sqlite?: number) {
    super(`the operational database failed: ${reason}`);
    this.sqlite = sqlite;
  }
}

export interface StatementResult {
  readonly rows: unknown[];
  readonly changes: bigint;
  readonly lastInsertRowid: bigint;
}

interface Waiting {
  resolve(result: StatementResult): void;
  reject(error: Error): void;
}

/** The database thread seen from the main one: statements in, results out, in order. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: Promise<void> | undefined;
  #failed: Error | undefined;

  constructor(path: string) {
    this.#worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: { path } });
    this.#worker.on('message', (reply: StoreReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(new StoreError(error.message)));
    this.#worker.on('exit', () => this.#fail(new StoreError('it is closed')));
  }

  run(sql: string, params: readonly SQLInputValue[] = []): Promise<StatementResult> {
    if (this.#failed) return Promise.reject(this.#failed);
    this.#lastId += 1;
    const request: StoreRequest = { id: this.#lastId, sql, params };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
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

  #settle(reply: StoreReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new StoreError(reply.error, reply.sqlite));
    else waiting?.resolve(reply);
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failed);
    this.#waiting.clear();
  }
}
