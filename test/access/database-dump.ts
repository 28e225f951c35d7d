import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Columns that only say when somebody who may was last here. */
const beats = new Set(['last_seen_at', 'last_used_at', 'seen_at']);

/** Everything the operational database knows, a table each, as text that is equal when nothing changed. */
export function dumpDatabase(data: string): Map<string, string> {
  using database = new DatabaseSync(join(data, 'operations.sqlite'), { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  return new Map(tables.map(({ name }) => [`${name}`, JSON.stringify(rowsOf(database, `${name}`))]));
}

function rowsOf(database: DatabaseSync, table: string): object[] {
  return database
    .prepare(`SELECT * FROM "${table}"`)
    .all()
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !beats.has(name))));
}

/** The tables that are not as they were. */
export function changedTables(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...after].filter(([name, rows]) => before.get(name) !== rows).map(([name]) => name);
}

export interface LedgerRow {
  readonly id: number;
  readonly action: string;
  readonly actor: string;
  readonly object: string | null;
  readonly result: string;
}

/** The ledger's rows that came after. */
export function newRows(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): LedgerRow[] {
  const [old, all] = [before, after].map((dump) => JSON.parse(dump.get('ledger') ?? '[]') as LedgerRow[]);
  const last = Math.max(0, ...(old ?? []).map(({ id }) => id));
  return (all ?? []).filter(({ id }) => id > last);
}
