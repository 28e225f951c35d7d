import type { Migration } from './migration.ts';

export const operations: Migration = {
  name: '001-operations',
  statements: [
    `CREATE TABLE accounts (
      id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, role TEXT NOT NULL, areas TEXT NOT NULL, unit TEXT,
      password_hash TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL
    ) STRICT`,
    `CREATE TABLE sessions (
      token_hash TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, expires_at TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX sessions_by_account ON sessions (account_id)',
    `CREATE TABLE events (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, at TEXT NOT NULL, subject TEXT NOT NULL, data TEXT NOT NULL
    ) STRICT`,
    `CREATE TABLE alerts (
      id TEXT PRIMARY KEY, key TEXT NOT NULL, seq INTEGER NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL,
      severity TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, last_seen_at TEXT NOT NULL, ended_at TEXT,
      area TEXT, camera TEXT, sensor TEXT, unit TEXT, data TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX alerts_by_key ON alerts (key, at)',
    'CREATE INDEX alerts_by_time ON alerts (at)',
    'CREATE INDEX alerts_by_state ON alerts (state, at)',
    'CREATE TABLE alert_snapshots (alert_id TEXT PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE, jpeg BLOB NOT NULL) STRICT',
    `CREATE TABLE ledger (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
      object TEXT, result TEXT NOT NULL, details TEXT, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
    ) STRICT`,
    'CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT',
  ],
};
