import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** What commits is on the disk, also after a power cut. */
const pragmas =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY';

/**
 * Opens the file, making its tables where they are not there. A checkpoint is small: all files share a disk, and a commit
 * waits for what is being flushed before it.
 */
export function openSqlite(path: string, tables: string, { cacheKiB }: { readonly cacheKiB: number }): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`${pragmas}; PRAGMA cache_size = -${cacheKiB}; PRAGMA wal_autocheckpoint = 1000`);
  database.exec(tables);
  return database;
}

/** All or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

export function prepareAll<K extends string>(database: DatabaseSync, sql: Record<K, string>): Record<K, StatementSync> {
  const entries = Object.entries<string>(sql).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries);
}
