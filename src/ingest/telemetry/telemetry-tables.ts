/**
 * `points` is keyed by its value too: an exact duplicate is one row, two values with the same time are two. `outbox` is
 * what a remote store has still to be given. WITHOUT ROWID keeps a series together on disk.
 */
export const telemetryTables = `
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  measurement TEXT NOT NULL,
  UNIQUE (device, measurement)
) STRICT;
CREATE TABLE IF NOT EXISTS points (
  series INTEGER NOT NULL,
  at INTEGER NOT NULL,
  value REAL NOT NULL,
  received INTEGER NOT NULL,
  PRIMARY KEY (series, at, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  device TEXT NOT NULL,
  measurement TEXT NOT NULL,
  at INTEGER NOT NULL,
  received INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  value REAL NOT NULL
) STRICT;
`;
