import type { Migration } from './migration.ts';

/** What was begun and has no row in the ledger yet, because nobody knows how it ends. */
export const deeds: Migration = {
  name: '028-deeds',
  statements: [
    'CREATE TABLE deeds (id TEXT PRIMARY KEY, run TEXT NOT NULL, begun_at TEXT NOT NULL, deed TEXT NOT NULL) STRICT',
  ],
};
