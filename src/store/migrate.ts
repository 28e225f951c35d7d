import { AppError } from '../shared/app-error.ts';
import type { Migration } from './migrations/migration.ts';
import type { SqliteThread } from './sqlite-thread.ts';

/** The database was written by a newer Tianliang than this one. */
export class SchemaTooNewError extends AppError {
  readonly code = 'STORE_TOO_NEW';

  constructor(unknown: readonly string[]) {
    super(`the database knows migrations that this version does not: ${unknown.join(', ')}; start the newer version`);
  }
}

/** The database was written by an older Tianliang than this one, and is only read. */
export class SchemaTooOldError extends AppError {
  readonly code = 'STORE_TOO_OLD';

  constructor(missing: readonly string[]) {
    super(`the database lacks migrations of this version: ${missing.join(', ')}; start the server once`);
  }
}

/** Fails unless the schema is that of the last migration. */
export async function refuseOtherSchema(thread: SqliteThread, migrations: readonly Migration[]): Promise<void> {
  const applied = await appliedOf(thread);
  refuseNewer(applied, migrations);
  const missing = migrations.map(({ name }) => name).filter((name) => !applied.has(name));
  if (missing.length > 0) throw new SchemaTooOldError(missing);
}

/** Brings the schema up to the last migration, each in its own transaction. */
export async function migrate(thread: SqliteThread, migrations: readonly Migration[]): Promise<void> {
  await thread.run('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT');
  const applied = await appliedOf(thread);
  refuseNewer(applied, migrations);
  for (const migration of migrations.filter(({ name }) => !applied.has(name))) await apply(thread, migration);
}

async function appliedOf(thread: SqliteThread): Promise<Set<string>> {
  const { rows } = await thread.run('SELECT name FROM migrations');
  return new Set((rows as { name: string }[]).map(({ name }) => name));
}

function refuseNewer(applied: ReadonlySet<string>, migrations: readonly Migration[]): void {
  const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) throw new SchemaTooNewError(unknown);
}

async function apply(thread: SqliteThread, { name, statements }: Migration): Promise<void> {
  await thread.run('BEGIN IMMEDIATE');
  try {
    for (const statement of statements) await thread.run(statement);
    await thread.run('INSERT INTO migrations (name, at) VALUES (?, ?)', [name, new Date().toISOString()]);
    await thread.run('COMMIT');
  } catch (error) {
    await thread.run('ROLLBACK');
    throw error;
  }
}
