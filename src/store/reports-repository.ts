import { type SqlBool, sql } from 'kysely';
import { firstIdAt } from './first-id-at.ts';
import type { Queries } from './store.ts';

/** When an incident came to what; the database writes it with every change of the incident. */
export interface IncidentMomentsTable {
  id: string;
  merged: number;
  area: string | null;
  department: string | null;
  due_at: string | null;
  received_at: string;
  handled_at: string | null;
  dispatched_at: string | null;
  accepted_at: string | null;
  arrived_at: string | null;
  closed_at: string | null;
  alert: string | null;
  detected_at: string | null;
  acknowledged_at: string | null;
}

declare module './schema.ts' {
  interface Database {
    incident_moments: IncidentMomentsTable;
  }
}

/** From when to when, and of which areas: what has no area is of all of them. */
export interface ReportSpan {
  readonly from: Date;
  readonly to: Date;
  readonly areas: readonly string[] | 'all';
}

/** When an incident came to what; RFC 3339, null where it did not (yet). */
export interface IncidentFacts {
  readonly id: string;
  readonly area: string | null;
  readonly department: string | null;
  readonly dueAt: string | null;
  readonly receivedAt: string;
  readonly handledAt: string | null;
  readonly dispatchedAt: string | null;
  readonly acceptedAt: string | null;
  readonly arrivedAt: string | null;
  readonly closedAt: string | null;
  /** Of the alert that it was opened from. */
  readonly detectedAt: string | null;
  readonly acknowledgedAt: string | null;
}

/** Incidents received in the span and after the id `after`, in their order; parts of others stand there. */
export async function incidentFacts(
  db: Queries,
  { from, to, areas }: ReportSpan,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<IncidentFacts[]> {
  // An incident that nobody has touched since it was opened does not know yet that its alert was taken with it.
  const acknowledged = sql<string | null>`coalesce(m.acknowledged_at, json_extract(a.data, '$.acknowledgedBy.at'))`;
  let rows = db
    .selectFrom('incident_moments as m')
    .leftJoin('alerts as a', (join) => join.onRef('a.id', '=', 'm.alert').on('m.acknowledged_at', 'is', null))
    .select(['m.id', 'm.area', 'm.department', 'm.due_at as dueAt', 'm.received_at as receivedAt'])
    .select(['m.handled_at as handledAt', 'm.dispatched_at as dispatchedAt', 'm.accepted_at as acceptedAt'])
    .select(['m.arrived_at as arrivedAt', 'm.closed_at as closedAt', 'm.detected_at as detectedAt'])
    .select(acknowledged.as('acknowledgedAt'))
    .where('m.id', '>=', firstIdAt(from))
    .where('m.id', '<', firstIdAt(to))
    .where('m.id', '>', after)
    .where('m.merged', '=', 0)
    .orderBy('m.id')
    .limit(limit);
  if (areas !== 'all') rows = rows.where((is) => is.or([is('m.area', 'is', null), is('m.area', 'in', [...areas])]));
  return await rows.execute();
}

export interface ClosedCount {
  readonly area: string | null;
  readonly department: string | null;
  readonly closed: number;
}

/** Closed in the span, whenever they were received; the index by the time of closing answers. */
export async function closedCounts(db: Queries, { from, to, areas }: ReportSpan): Promise<ClosedCount[]> {
  let rows = db
    .selectFrom('incident_moments as m')
    .select(({ fn }) => ['m.area', 'm.department', fn.countAll<number>().as('closed')])
    .where('m.closed_at', '>=', from.toISOString())
    .where('m.closed_at', '<', to.toISOString())
    // Not a parameter: the index is of these only, and SQLite must see that it fits.
    .where(sql<SqlBool>`m.merged = 0`);
  if (areas !== 'all') rows = rows.where((is) => is.or([is('m.area', 'is', null), is('m.area', 'in', [...areas])]));
  return await rows.groupBy(['m.area', 'm.department']).execute();
}

/** What became of the alerts of a kind that one camera, or none, raised. */
export interface AlertCount {
  readonly kind: string;
  readonly camera: string | null;
  readonly raised: number;
  readonly confirmed: number;
  readonly dismissed: number;
}

/** Alerts raised in the span, those most often dismissed first. */
export async function alertCounts(db: Queries, { from, to, areas }: ReportSpan): Promise<AlertCount[]> {
  let rows = db
    .selectFrom('alerts')
    .select(({ fn }) => [
      'kind',
      'camera',
      fn.countAll<number>().as('raised'),
      sql<number>`sum(state = 'confirmed')`.as('confirmed'),
      sql<number>`sum(state = 'dismissed')`.as('dismissed'),
    ])
    .where('id', '>=', firstIdAt(from))
    .where('id', '<', firstIdAt(to))
    .where('merged_into', 'is', null);
  if (areas !== 'all') rows = rows.where((is) => is.or([is('area', 'is', null), is('area', 'in', [...areas])]));
  return await rows.groupBy(['kind', 'camera']).orderBy('dismissed', 'desc').orderBy('kind').execute();
}
