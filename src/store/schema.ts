import type { Generated } from 'kysely';

/** Times are RFC 3339 UTC strings with milliseconds; JSON is text; booleans are 0 and 1. */
export interface Database {
  accounts: AccountsTable;
  sessions: SessionsTable;
  events: EventsTable;
  alerts: AlertsTable;
  alert_snapshots: AlertSnapshotsTable;
  alert_traces: AlertTracesTable;
  ledger: LedgerTable;
  settings: SettingsTable;
  recordings: RecordingsTable;
  recording_holds: RecordingHoldsTable;
  warnings: WarningsTable;
}

export interface AccountsTable {
  id: string;
  name: string;
  role: string;
  /** JSON: a list of area ids, or "all". */
  areas: string;
  unit: string | null;
  password_hash: string;
  disabled: number;
  created_at: string;
  /** Issuer and subject at an OpenID provider; null with a password. */
  subject: string | null;
}

export interface SessionsTable {
  /** SHA-256 of the token, hex: the token itself is never stored. */
  token_hash: string;
  account_id: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
}

export interface EventsTable {
  seq: Generated<number>;
  topic: string;
  at: string;
  subject: string;
  data: string;
}

export interface AlertsTable {
  id: string;
  /** What makes two observations the same alert. */
  key: string;
  seq: number;
  version: number;
  kind: string;
  severity: string;
  state: string;
  at: string;
  last_seen_at: string;
  ended_at: string | null;
  area: string | null;
  camera: string | null;
  sensor: string | null;
  unit: string | null;
  /** Id of the alert it is part of. */
  merged_into: string | null;
  /** When the desk comes back to it by itself. */
  wake_at: string | null;
  /** Id of the silence it was raised in. */
  silence: string | null;
  /** JSON: the whole alert as the API shows it. */
  data: string;
}

export interface AlertSnapshotsTable {
  alert_id: string;
  jpeg: Uint8Array;
}

export interface AlertTracesTable {
  alert_id: string;
  /** Gzip of JSON. */
  trace: Uint8Array;
}

export interface LedgerTable {
  id: Generated<number>;
  at: string;
  actor: string;
  role: string;
  action: string;
  object: string | null;
  result: string;
  details: string | null;
  previous_hash: string;
  hash: string;
  /** Where the request came from; null of what the house does by itself. */
  address: string | null;
}

export interface SettingsTable {
  key: string;
  value: string;
}

export interface RecordingsTable {
  id: string;
  camera: string;
  /** Its path below the folder of recordings; made by us. */
  file: string;
  /** 1 for a part of the ring before an alert, which is deleted unless something holds it. */
  ring: number;
  /** 1 while it is written. */
  open: number;
  started_at: string;
  ended_at: string;
  bytes: number;
  codec: string;
  /** Why nothing was recorded right before it; null when it follows another one directly. */
  gap_before: string | null;
  /** JSON: `[{ from, to, reason }]`, where pictures are missing within. */
  holes: string;
  camera_clock_offset_ms: number | null;
}

export interface RecordingHoldsTable {
  id: string;
  camera: string;
  /** `keep` outlives the ring, `lock` outlives everything. */
  kind: string;
  from_at: string;
  to_at: string;
  reason: string;
  at: string;
}

export interface WarningsTable {
  /** Sender and identifier of its first message. */
  id: string;
  until_at: string;
  /** JSON: the warning, and the areas that may have an alert of it. */
  data: string;
}
