import type { Migration } from './migration.ts';

/** One row a recorded file; `recording_holds` are spans of a camera's time that must stay, whatever files they are in. */
export const recordings: Migration = {
  name: '014-recordings',
  statements: [
    `CREATE TABLE recordings (
      id TEXT PRIMARY KEY, camera TEXT NOT NULL, file TEXT NOT NULL UNIQUE, ring INTEGER NOT NULL, open INTEGER NOT NULL,
      started_at TEXT NOT NULL, ended_at TEXT NOT NULL, bytes INTEGER NOT NULL, codec TEXT NOT NULL, gap_before TEXT,
      holes TEXT NOT NULL, camera_clock_offset_ms INTEGER
    ) STRICT`,
    'CREATE INDEX recordings_by_camera ON recordings (camera, started_at)',
    'CREATE INDEX recordings_by_end ON recordings (ended_at)',
    'CREATE INDEX recordings_unfinished ON recordings (open) WHERE open = 1',
    `CREATE TABLE recording_holds (
      id TEXT PRIMARY KEY, camera TEXT NOT NULL, kind TEXT NOT NULL, from_at TEXT NOT NULL, to_at TEXT NOT NULL,
      reason TEXT NOT NULL, at TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX recording_holds_by_camera ON recording_holds (camera, to_at)',
  ],
};
