import type { Migration } from './migration.ts';

/** When the desk comes back to an alert by itself, what is silenced, who took a shift over, and whom a dispatch was chosen from. */
export const deskDuty: Migration = {
  name: '027-desk-duty',
  statements: [
    'ALTER TABLE alerts ADD COLUMN wake_at TEXT',
    'ALTER TABLE alerts ADD COLUMN silence TEXT',
    'CREATE INDEX alerts_by_wake ON alerts (wake_at) WHERE wake_at IS NOT NULL',
    'CREATE INDEX alerts_by_silence ON alerts (silence, ended_at, state) WHERE silence IS NOT NULL',
    `CREATE TABLE silences (
      id TEXT PRIMARY KEY, ended_at TEXT, settled INTEGER NOT NULL, data TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX silences_unsettled ON silences (id) WHERE settled = 0',
    'CREATE TABLE handovers (id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL) STRICT',
    `CREATE TABLE rankings (
      assignment TEXT PRIMARY KEY, incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE, ranking BLOB NOT NULL
    ) STRICT`,
    'CREATE INDEX rankings_by_incident ON rankings (incident)',
  ],
};
