import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** One statement to run; `rows` asks for the rows it returns. */
export interface StoreRequest {
  readonly id: number;
  readonly sql: string;
  readonly params: readonly SQLInputValue[];
}

export type StoreReply =
  | { readonly id: number; readonly rows: unknown[]; readonly changes: bigint; readonly lastInsertRowid: bigint }
  | { readonly id: number; readonly error: string; readonly sqlite?: number };

const cachedStatements = 500;

/** Runs on its own thread because node:sqlite is synchronous: a commit with fsync must not stop the event loop. */
class SqliteServer {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    this.#database.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384');
  }

  answer({ id, sql, params }: StoreRequest): StoreReply {
    try {
      const statement = this.#prepare(sql);
      if (statement.columns().length > 0) {
        const rows = statement.all(...params);
        return { id, rows, changes: 0n, lastInsertRowid: 0n };
      }
      const { changes, lastInsertRowid } = statement.run(...params);
      return { id, rows: [], changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) };
    } catch (error) {
      return failure(id, error);
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
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

function failure(id: number, error: unknown): StoreReply {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;
  return { id, error: message, ...(code !== undefined && { sqlite: code }) };
}

const { path } = workerData as { path: string };
const server = new SqliteServer(path);
parentPort?.on('message', (message: StoreRequest | 'close') => {
  if (message !== 'close') return parentPort?.postMessage(server.answer(message));
  server.close();
  parentPort?.close();
});
