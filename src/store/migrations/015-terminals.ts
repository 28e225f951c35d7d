import type { Migration } from './migration.ts';

/** Which geofences units are inside of and how they came and went; what was written to their terminals. */
export const terminals: Migration = {
  name: '015-terminals',
  statements: [
    `CREATE TABLE unit_fences (
      unit TEXT NOT NULL, fence TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (unit, fence)
    ) STRICT`,
    `CREATE TABLE fence_crossings (
      id TEXT PRIMARY KEY, unit TEXT NOT NULL, fence TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
      lat REAL NOT NULL, lon REAL NOT NULL
    ) STRICT`,
    'CREATE INDEX fence_crossings_by_unit ON fence_crossings (unit, id)',
    `CREATE TABLE unit_messages (
      id TEXT PRIMARY KEY, unit TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, open INTEGER NOT NULL,
      assignment TEXT, key TEXT UNIQUE, data TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX unit_messages_by_unit ON unit_messages (unit, id)',
    'CREATE INDEX unit_messages_by_assignment ON unit_messages (assignment, id) WHERE assignment IS NOT NULL',
    'CREATE INDEX unit_messages_open ON unit_messages (unit) WHERE open = 1',
  ],
};
