import type { Migration } from './migration.ts';

/** Weather warnings that concern us and the areas that may have an alert of them: a restart goes on with both. */
export const warnings: Migration = {
  name: '018-warnings',
  statements: ['CREATE TABLE warnings (id TEXT PRIMARY KEY, until_at TEXT NOT NULL, data TEXT NOT NULL) STRICT'],
};
