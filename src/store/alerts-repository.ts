import { type SqlBool, sql } from 'kysely';
import type { AlertsTable } from './schema.ts';
import type { Queries, Tx } from './store.ts';

/** The fields of an alert the database searches by; the whole alert is kept as JSON beside them. */
export interface AlertFields {
  readonly id: string;
  readonly seq: number;
  readonly version: number;
  readonly kind: string;
  readonly severity: string;
  readonly state: string;
  readonly at: string;
  readonly lastSeenAt: string;
  readonly endedAt?: string;
  readonly area?: string;
  readonly camera?: string;
  readonly sensor?: string;
  readonly unit?: string;
  /** The alert it is part of. */
  readonly mergedInto?: string;
  readonly wakeAt?: string;
  /** The silence it was raised in. */
  readonly silenced?: string;
}

/** `data` is the JSON of what was stored. */
export type AlertRow = Pick<AlertsTable, 'key' | 'data'>;

/** A list left out does not limit; an empty one finds nothing. */
export interface AlertFilter {
  readonly states?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly severities?: readonly string[] | undefined;
  readonly area?: string | undefined;
  /** Those of the reader: alerts without an area are found too. */
  readonly areas: readonly string[] | 'all';
  /** Found in title, stake, road, camera, sensor or unit. */
  readonly text?: string | undefined;
  /** Only alerts raised before the one with this id. */
  readonly before?: string | undefined;
  /** Those raised in this silence; without it those raised in none. */
  readonly silence?: string | undefined;
  readonly limit: number;
}

export async function insertAlert(tx: Tx, key: string, alert: AlertFields): Promise<void> {
  await tx
    .insertInto('alerts')
    .values({ key, ...columnsOf(alert) })
    .execute();
}

/** Writes the alert over its version `from`; false, and nothing written, when it is not at that version any more. */
export async function updateAlert(tx: Tx, alert: AlertFields, from: number): Promise<boolean> {
  const { id, ...columns } = columnsOf(alert);
  const { numUpdatedRows } = await tx
    .updateTable('alerts')
    .set(columns)
    .where('id', '=', id)
    .where('version', '=', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function alertById(db: Queries, id: string): Promise<AlertRow | undefined> {
  return await db.selectFrom('alerts').select(['key', 'data']).where('id', '=', id).executeTakeFirst();
}

/** The newest alert of the key, open or ended. */
export async function latestByKey(db: Queries, key: string): Promise<AlertRow | undefined> {
  const rows = db.selectFrom('alerts').select(['key', 'data']).where('key', '=', key);
  return await rows.orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** Newest first; what is part of another alert stands there. */
export async function listAlerts(db: Queries, filter: AlertFilter): Promise<AlertRow[]> {
  const { states, kinds, severities, area, areas, text, before, silence, limit } = filter;
  let query = db.selectFrom('alerts').select(['key', 'data']).orderBy('id', 'desc').limit(limit);
  query = query.where('merged_into', 'is', null);
  query = query.where('silence', silence === undefined ? 'is' : '=', silence ?? null);
  if (states) query = query.where('state', 'in', [...states]);
  if (kinds) query = query.where('kind', 'in', [...kinds]);
  if (severities) query = query.where('severity', 'in', [...severities]);
  if (area !== undefined) query = query.where('area', '=', area);
  if (areas !== 'all') query = query.where((is) => is.or([is('area', 'is', null), is('area', 'in', [...areas])]));
  if (before !== undefined) query = query.where('id', '<', before);
  if (text !== undefined) query = query.where(contains(text));
  return await query.execute();
}

/** Ids of what the desk has to come back to, the longest waiting first. */
export async function wakingAlerts(db: Queries, now: Date, limit: number): Promise<string[]> {
  const rows = db.selectFrom('alerts').select('id').where('wake_at', '<=', now.toISOString());
  return (await rows.orderBy('wake_at').limit(limit).execute()).map(({ id }) => id);
}

/** Nothing is to be done with the alert, though it waited for the clock. */
export async function forgetWake(db: Queries, id: string, now: Date): Promise<void> {
  const waiting = db.updateTable('alerts').set({ wake_at: null }).where('id', '=', id);
  await waiting.where('wake_at', '<=', now.toISOString()).execute();
}

/** What an account has taken and nobody has decided on, oldest first. */
export async function alertsHeldBy(db: Queries, account: string, limit: number): Promise<AlertRow[]> {
  const rows = db.selectFrom('alerts').select(['key', 'data']).where('state', '=', 'acknowledged');
  const held = rows.where(sql<string>`json_extract(data, '$.acknowledgedBy.id')`, '=', account);
  return await held.orderBy('id').limit(limit).execute();
}

export async function insertSnapshot(tx: Tx, alertId: string, jpeg: Uint8Array): Promise<void> {
  await tx.insertInto('alert_snapshots').values({ alert_id: alertId, jpeg }).execute();
}

export async function snapshotOf(db: Queries, alertId: string): Promise<Uint8Array | undefined> {
  const rows = db.selectFrom('alert_snapshots').select('jpeg').where('alert_id', '=', alertId);
  return (await rows.executeTakeFirst())?.jpeg;
}

/** SQLite's `instr` knows no wildcards, so that nothing in the text has to be escaped. */
function contains(text: string) {
  const places = ['title', 'stake', 'road', 'camera', 'sensor', 'unit'].map(
    (field) => sql`coalesce(json_extract(data, ${`$.${field}`}), '')`,
  );
  return sql<SqlBool>`instr(lower(${sql.join(places, sql` || char(10) || `)}), lower(${text})) > 0`;
}

function columnsOf(alert: AlertFields): Omit<AlertsTable, 'key'> {
  return {
    id: alert.id,
    seq: alert.seq,
    version: alert.version,
    kind: alert.kind,
    severity: alert.severity,
    state: alert.state,
    at: alert.at,
    last_seen_at: alert.lastSeenAt,
    ended_at: alert.endedAt ?? null,
    area: alert.area ?? null,
    camera: alert.camera ?? null,
    sensor: alert.sensor ?? null,
    unit: alert.unit ?? null,
    merged_into: alert.mergedInto ?? null,
    wake_at: alert.wakeAt ?? null,
    silence: alert.silenced ?? null,
    data: JSON.stringify(alert),
  };
}
