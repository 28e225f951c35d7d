import type { Migration } from './migration.ts';

/** Tries of a login one by one: a sliding minute needs each of them. */
export const access: Migration = {
  name: '011-access',
  statements: [
    'CREATE TABLE login_tries (id INTEGER PRIMARY KEY, key TEXT NOT NULL, at TEXT NOT NULL) STRICT',
    'CREATE INDEX login_tries_by_key ON login_tries (key, at)',
    'CREATE INDEX login_tries_by_time ON login_tries (at)',
    'CREATE INDEX sessions_by_expiry ON sessions (expires_at)',
  ],
};
