import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely, type Transaction } from 'kysely';
import { migrate } from './migrate.ts';
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
