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
  channel_cursors: ChannelCursorsTable;
  push_subscriptions: PushSubscriptionsTable;
  push_letters: PushLettersTable;
  incident_plans: IncidentPlansTable;
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

export interface ChannelCursorsTable {
  channel: string;
  /** The last event it is done with. */
  seq: number;
  /** What was given up since it last told of that. */
  dropped: number;
}

export interface PushSubscriptionsTable {
  id: string;
  account: string;
  /** Where the browser's push service takes its letters; whoever knows it can write there. */
  endpoint: string;
  p256dh: string;
  auth: string;
  created_at: string;
}

export interface PushLettersTable {
  id: Generated<number>;
  subscription: string;
  /** What it is about: of the same only one is sent. */
  tag: string;
  /** JSON. */
  letter: string;
  made_at: string;
  /** Null once it is sent, or of no use any more. */
  due_at: string | null;
  attempts: number;
}

export interface IncidentPlansTable {
  incident: string;
  plan: string;
  version: number;
  /** JSON: the plan as it was when it was bound, why, and what became of its steps. */
  data: string;
}
