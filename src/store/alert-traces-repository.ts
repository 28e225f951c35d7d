import { sql } from 'kysely';
import type { Queries } from './store.ts';

/** Writes the trace of an alert over the one it has. Fails when there is no such alert. */
export async function putAlertTrace(db: Queries, alertId: string, trace: Uint8Array): Promise<void> {
  await db
    .insertInto('alert_traces')
    .values({ alert_id: alertId, trace })
    .onConflict((conflict) => conflict.column('alert_id').doUpdateSet({ trace }))
    .execute();
}

export async function alertTraceOf(db: Queries, alertId: string): Promise<Uint8Array | undefined> {
  const rows = db.selectFrom('alert_traces').select('trace').where('alert_id', '=', alertId);
  return (await rows.executeTakeFirst())?.trace;
}

/** An alert that somebody has decided on, with what is known of why it was raised. */
export interface ReviewedAlert {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly at: string;
  /** Of the alert it is part of, where it is one. */
  readonly state: string;
  readonly title: string;
  readonly trace: Uint8Array | null;
}

export interface ReviewedPage {
  /** RFC 3339 UTC; undefined for all. */
  readonly since?: string | undefined;
  /** The id of the last of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Confirmed or dismissed alerts of cameras and sensors, oldest first; a part of a merged alert was decided on with it. */
export async function reviewedAlerts(db: Queries, { since, after, limit }: ReviewedPage): Promise<ReviewedAlert[]> {
  const state = sql<string>`coalesce(whole.state, alerts.state)`;
  let query = db
    .selectFrom('alerts')
    .leftJoin('alerts as whole', 'whole.id', 'alerts.merged_into')
    .leftJoin('alert_traces', 'alert_traces.alert_id', 'alerts.id')
    .select(['alerts.id', 'alerts.key', 'alerts.kind', 'alerts.at', 'alert_traces.trace'])
    .select([state.as('state'), sql<string>`json_extract(alerts.data, '$.title')`.as('title')])
    .where(state, 'in', ['confirmed', 'dismissed'])
    .where((is) => is.or([is('alerts.camera', 'is not', null), is('alerts.sensor', 'is not', null)]))
    .orderBy('alerts.id')
    .limit(limit);
  if (since !== undefined) query = query.where('alerts.at', '>=', since);
  if (after !== undefined) query = query.where('alerts.id', '>', after);
  return await query.execute();
}
