import type { Migration } from './migration.ts';

/** Second factors, accounts of an OpenID provider, tokens of machines, who watched what, and where from each row came. */
export const accessMeans: Migration = {
  name: '025-access-means',
  statements: [
    'ALTER TABLE ledger ADD COLUMN address TEXT',
    'ALTER TABLE accounts ADD COLUMN subject TEXT',
    'CREATE UNIQUE INDEX accounts_by_subject ON accounts (subject) WHERE subject IS NOT NULL',
    `CREATE TABLE second_factors (
      account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE, secret TEXT NOT NULL,
      confirmed_at TEXT, last_step INTEGER NOT NULL DEFAULT 0
    ) STRICT`,
    `CREATE TABLE recovery_codes (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, hash TEXT NOT NULL,
      PRIMARY KEY (account_id, hash)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE api_tokens (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, areas TEXT NOT NULL,
      created_at TEXT NOT NULL, expires_at TEXT NOT NULL, last_used_at TEXT, revoked_at TEXT
    ) STRICT`,
    'CREATE INDEX api_tokens_by_account ON api_tokens (account_id, id)',
    `CREATE TABLE watches (
      id TEXT PRIMARY KEY, actor TEXT NOT NULL, role TEXT NOT NULL, address TEXT, camera TEXT NOT NULL, over TEXT NOT NULL,
      incident TEXT, footage_from TEXT, footage_to TEXT, started_at TEXT NOT NULL, seen_at TEXT NOT NULL, ended_at TEXT,
      reason TEXT
    ) STRICT`,
    'CREATE INDEX watches_open ON watches (id) WHERE ended_at IS NULL',
    'CREATE INDEX watches_by_camera ON watches (camera, id)',
  ],
};
