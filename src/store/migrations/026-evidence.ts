import type { Migration } from './migration.ts';

/**
 * Who asked for evidence and what became of it; what of the recordings is locked, and since when not any more. Reports
 * find what was closed in a week without a look at all the years before.
 */
export const evidence: Migration = {
  name: '026-evidence',
  statements: [
    `CREATE TABLE evidence_requests (
      id TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL, area TEXT, alert TEXT, incident TEXT,
      due_at TEXT NOT NULL, data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX evidence_requests_by_alert ON evidence_requests (alert, id) WHERE alert IS NOT NULL',
    'CREATE INDEX evidence_requests_by_incident ON evidence_requests (incident, id) WHERE incident IS NOT NULL',
    `CREATE INDEX evidence_requests_due ON evidence_requests (due_at) WHERE state IN ('requested', 'approved')`,
    `CREATE TABLE evidence_locks (
      id TEXT PRIMARY KEY, hold TEXT NOT NULL, camera TEXT NOT NULL, area TEXT, request TEXT, released INTEGER NOT NULL,
      warned INTEGER NOT NULL, expires_at TEXT, data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX evidence_locks_by_request ON evidence_locks (request) WHERE request IS NOT NULL',
    'CREATE INDEX evidence_locks_standing ON evidence_locks (released, id)',
    'CREATE INDEX ledger_by_time ON ledger (at)',
    `CREATE INDEX incident_bodies_by_close ON incident_bodies (json_extract(data, '$.closedBy.at'))
      WHERE json_extract(data, '$.closedBy.at') IS NOT NULL`,
  ],
};
