import type { Migration } from './migration.ts';

/**
 * What is searched of an incident is narrow and in the order of its id, the whole of it beside: whatever is asked of a
 * hundred thousand, a look at all the narrow rows answers in time. The database itself refuses a unit's second assignment.
 */
export const incidents: Migration = {
  name: '023-incidents',
  statements: [
    `CREATE TABLE incidents (
      id TEXT PRIMARY KEY, seq INTEGER NOT NULL, version INTEGER NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL,
      severity TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, area TEXT, department TEXT, reference TEXT,
      due_at TEXT, wake_at TEXT, lat REAL, lon REAL, merged_into TEXT, title TEXT NOT NULL, words TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX incidents_by_state ON incidents (state, id)',
    'CREATE INDEX incidents_by_place ON incidents (lat, lon)',
    // A search reads this alone, and not the rows, which are far wider.
    'CREATE INDEX incidents_by_words ON incidents (id, merged_into, area, words)',
    'CREATE INDEX incidents_by_wake ON incidents (wake_at) WHERE wake_at IS NOT NULL',
    'CREATE UNIQUE INDEX incidents_by_reference ON incidents (source, reference) WHERE reference IS NOT NULL',
    `CREATE TABLE incident_bodies (
      id TEXT PRIMARY KEY REFERENCES incidents (id) ON DELETE CASCADE, data TEXT NOT NULL
    ) STRICT`,
    `CREATE TABLE assignments (
      id TEXT PRIMARY KEY, incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE, unit TEXT NOT NULL,
      open INTEGER NOT NULL
    ) STRICT`,
    'CREATE INDEX assignments_by_unit ON assignments (unit, id)',
    'CREATE UNIQUE INDEX assignments_open_by_unit ON assignments (unit) WHERE open = 1',
    `CREATE TABLE incident_photos (
      id TEXT PRIMARY KEY, incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE, jpeg BLOB NOT NULL
    ) STRICT`,
    `CREATE TABLE command_answers (
      id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, meaning TEXT NOT NULL, at TEXT NOT NULL, answer TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX command_answers_by_time ON command_answers (at)',
    'CREATE INDEX ledger_by_object ON ledger (object, id) WHERE object IS NOT NULL',
  ],
};
