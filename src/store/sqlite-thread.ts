import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { AppError } from '../shared/app-error.ts';
import { WorkerCalls } from '../shared/worker-calls.ts';
import type { DatabaseFile, Statement, StatementResult } from './sqlite-worker.ts';

/** The operational database refused or could not run a statement. */
export class StoreError extends AppError {
  readonly code = 'STORE_FAILED';
  readonly sqlite: number | undefined;

  constructor(reason: string, sqlite?: number) {
    super(`the operational database failed: ${reason}`);
    this.sqlite = sqlite;
  }
}

/** The database thread seen from the main one: statements in, results out, in order. */
export class SqliteThread {
  readonly #calls: WorkerCalls<Statement, StatementResult>;

  constructor(path: string, { readOnly = false }: Partial<Pick<DatabaseFile, 'readOnly'>> = {}) {
    const workerData: DatabaseFile = { path, readOnly };
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData });
    this.#calls = new WorkerCalls(worker, (reason, sqlite) => new StoreError(reason, sqlite));
  }

  run(sql: string, params: readonly SQLInputValue[] = []): Promise<StatementResult> {
    return this.#calls.ask({ sql, params });
  }

  /** Everything asked before is answered first. */
  close(): Promise<void> {
    return this.#calls.close();
  }
}
