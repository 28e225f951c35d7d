import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type WorkerReply, workerFailure } from '../shared/worker-calls.ts';

/** One statement to run. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly SQLInputValue[];
}

export interface DatabaseFile {
  readonly path: string;
  readonly readOnly: boolean;
}

export interface StatementResult {
  readonly rows: unknown[];
  readonly changes: bigint;
  readonly lastInsertRowid: bigint;
}

type Request = Statement & { readonly id: number };

const cachedStatements = 500;

/** Runs on its own thread because node:sqlite is synchronous: a commit with fsync must not stop the event loop. */
class SqliteServer {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor({ path, readOnly }: DatabaseFile) {
    this.#database = new DatabaseSync(path, { readOnly });
    if (!readOnly)
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    this.#database.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384');
  }

  answer({ id, sql, params }: Request): WorkerReply<StatementResult> {
    try {
      return { id, result: this.#run(this.#prepare(sql), params) };
    } catch (error) {
      return workerFailure(id, error);
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #run(statement: StatementSync, params: readonly SQLInputValue[]): StatementResult {
    if (statement.columns().length > 0) return { rows: statement.all(...params), changes: 0n, lastInsertRowid: 0n };
    const { changes, lastInsertRowid } = statement.run(...params);
    return { rows: [], changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) };
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= cachedStatements) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const server = new SqliteServer(workerData as DatabaseFile);
parentPort?.on('message', (message: Request | 'close') => {
  if (message !== 'close') return parentPort?.postMessage(server.answer(message));
  server.close();
  parentPort?.close();
});
