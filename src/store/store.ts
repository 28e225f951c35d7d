import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Kysely, type Transaction } from 'kysely';
import { AppError } from '../shared/app-error.ts';
import { migrate, refuseOtherSchema } from './migrate.ts';
import { migrations } from './migrations/index-of-migrations.ts';
import type { Database } from './schema.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { SqliteThread } from './sqlite-thread.ts';

/** Inside a transaction or outside of one: what a repository's reading functions accept. */
export type Queries = Kysely<Database>;
export type Tx = Transaction<Database>;

/** The operational database: what was decided and by whom. Telemetry does not live here. */
export class Store {
  readonly db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.db = db;
  }

  /** All of `work` or nothing; committed to disk when it resolves. Use only the given `tx` inside. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(work);
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Opens (and creates) the database file and brings its schema up to date. Fails with `STORE_FAILED` or `STORE_TOO_NEW`. */
export async function openStore(path: string): Promise<Store> {
  await mkdir(dirname(path), { recursive: true });
  const thread = new SqliteThread(path);
  try {
    await migrate(thread, migrations);
  } catch (error) {
    await thread.close();
    throw error;
  }
  return new Store(new Kysely<Database>({ dialect: sqliteDialect(thread) }));
}

/** A data directory without a database has nothing to read: rather a wrong word on the command line. */
export class NoStoreError extends AppError {
  readonly code = 'STORE_MISSING';

  constructor(path: string) {
    super(`there is no database ${resolve(path)}; name its directory with --data DIR`);
  }
}

/**
 * Opens the database as it is, while a server may be writing it: nothing is created or changed. Fails with `STORE_MISSING`,
 * `STORE_TOO_OLD` or `STORE_TOO_NEW`.
 */
export async function openStoreToRead(path: string): Promise<Store> {
  const isThere = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere) throw new NoStoreError(path);
  const thread = new SqliteThread(path, { readOnly: true });
  try {
    await refuseOtherSchema(thread, migrations);
  } catch (error) {
    await thread.close();
    throw error;
  }
  return new Store(new Kysely<Database>({ dialect: sqliteDialect(thread) }));
}
