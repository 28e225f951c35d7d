import type { Migration } from './migration.ts';

/**
 * How far each channel has read the event log, who wants to be told by Web Push and of what, and which plan each incident
 * has. What is told stands in the log already: a channel needs no copy of it.
 */
export const channels: Migration = {
  name: '024-channels',
  statements: [
    'CREATE INDEX events_by_subject ON events (subject, seq)',
    'CREATE TABLE channel_cursors (channel TEXT PRIMARY KEY, seq INTEGER NOT NULL, dropped INTEGER NOT NULL) STRICT',
    `CREATE TABLE push_subscriptions (
      id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      endpoint TEXT NOT NULL UNIQUE, p256dh TEXT NOT NULL, auth TEXT NOT NULL, created_at TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX push_subscriptions_by_account ON push_subscriptions (account, id)',
    // The same thing is told to a subscription once: what was told stays until it is too old to come again.
    `CREATE TABLE push_letters (
      id INTEGER PRIMARY KEY, subscription TEXT NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
      tag TEXT NOT NULL, letter TEXT NOT NULL, made_at TEXT NOT NULL, due_at TEXT, attempts INTEGER NOT NULL,
      UNIQUE (subscription, tag)
    ) STRICT`,
    'CREATE INDEX push_letters_by_due ON push_letters (due_at) WHERE due_at IS NOT NULL',
    'CREATE INDEX push_letters_by_time ON push_letters (made_at)',
    `CREATE TABLE incident_plans (
      incident TEXT PRIMARY KEY REFERENCES incidents (id) ON DELETE CASCADE, plan TEXT NOT NULL,
      version INTEGER NOT NULL, data TEXT NOT NULL
    ) STRICT`,
  ],
};
