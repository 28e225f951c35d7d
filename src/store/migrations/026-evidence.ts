import type { Migration } from './migration.ts';

const msOf = (at: string) => `CAST(round(unixepoch(${at}, 'subsec') * 1000) AS INTEGER)`;

/** When an incident came to what, from its JSON, and when its alert was raised and taken; milliseconds since 1970. */
function momentsOf(id: string, data: string): string {
  const of = (path: string) => `json_extract(${data}, '$.${path}')`;
  const ofAlert = (path: string) =>
    `(SELECT ${msOf(`json_extract(a.data, '$.${path}')`)} FROM alerts AS a WHERE a.id = ${of('alerts[0]')})`;
  const own = ['dueAt', 'at', 'handledBy.at', 'times.dispatched', 'times.accepted', 'times.on_scene', 'closedBy.at'];
  return `SELECT ${id}, ${of('mergedInto')} IS NOT NULL, ${of('area')}, ${of('department')},
    ${own.map((path) => msOf(of(path))).join(', ')}, ${of('alerts[0]')}, ${ofAlert('at')}, ${ofAlert('acknowledgedBy.at')}`;
}

/**
 * Who asked for evidence and what became of it; what of the recordings is locked, and since when not any more. Reports
 * read when incidents came to what from narrow rows that the database keeps beside them itself, whoever writes.
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
    `CREATE TABLE incident_moments (
      id TEXT PRIMARY KEY REFERENCES incidents (id) ON DELETE CASCADE, merged INTEGER NOT NULL, area TEXT, department TEXT,
      due_ms INTEGER, received_ms INTEGER NOT NULL, handled_ms INTEGER, dispatched_ms INTEGER, accepted_ms INTEGER,
      arrived_ms INTEGER, closed_ms INTEGER, alert TEXT, detected_ms INTEGER, acknowledged_ms INTEGER
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX incident_moments_closed ON incident_moments (closed_ms, area, department)
      WHERE closed_ms IS NOT NULL AND merged = 0`,
    `INSERT INTO incident_moments ${momentsOf('b.id', 'b.data')} FROM incident_bodies AS b`,
    ...['INSERT', 'UPDATE'].map(
      (event) => `CREATE TRIGGER incident_moments_${event.toLowerCase()} AFTER ${event} ON incident_bodies BEGIN
        INSERT OR REPLACE INTO incident_moments ${momentsOf('new.id', 'new.data')};
      END`,
    ),
  ],
};
