import type { SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { type SqliteThread, StoreError } from './sqlite-thread.ts';

const acquireDeadlineMs = 10_000;

class ThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.#thread.run(sql, parameters as readonly SQLInputValue[]);
    return { rows: result.rows as R[], numAffectedRows: result.changes, insertId: result.lastInsertRowid };
  }

  // biome-ignore lint/correctness/useYield: SQLite answers whole; Kysely asks every connection for this method.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new StoreError('rows cannot be streamed');
  }
}

/** Lends the one connection to one borrower at a time: a transaction is never mixed with somebody else's statements. */
class ThreadDriver implements Driver {
  readonly #connection: ThreadConnection;
  readonly #thread: SqliteThread;
  readonly #queue: (() => void)[] = [];
  #lent = false;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
    this.#connection = new ThreadConnection(thread);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#lent) await this.#turn();
    this.#lent = true;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    const next = this.#queue.shift();
    if (next) next();
    else this.#lent = false;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('BEGIN IMMEDIATE'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('COMMIT'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('ROLLBACK'));
  }

  async destroy(): Promise<void> {
    await this.#thread.close();
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(turn), 1);
        reject(new StoreError(`no turn within ${acquireDeadlineMs} ms (a query outside its own transaction?)`));
      }, acquireDeadlineMs);
      const turn = () => {
        clearTimeout(deadline);
        resolve();
      };
      this.#queue.push(turn);
    });
  }
}

/** Kysely over the database thread. */
export function sqliteDialect(thread: SqliteThread): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ThreadDriver(thread),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
