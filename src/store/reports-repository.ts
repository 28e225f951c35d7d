import { type SqlBool, sql } from 'kysely';
import { firstIdAt } from './first-id-at.ts';
import type { Queries } from './store.ts';

/** When an incident came to what, milliseconds since 1970; the database writes it with every change of the incident. */
export interface IncidentMomentsTable {
  id: string;
  merged: number;
  area: string | null;
  department: string | null;
  due_ms: number | null;
  received_ms: number;
  handled_ms: number | null;
  dispatched_ms: number | null;
  accepted_ms: number | null;
  arrived_ms: number | null;
  closed_ms: number | null;
  alert: string | null;
  detected_ms: number | null;
  acknowledged_ms: number | null;
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

/** When an incident came to what, milliseconds since 1970; null where it did not (yet). */
export interface IncidentFacts {
  readonly area: string | null;
  readonly department: string | null;
  readonly dueMs: number | null;
  readonly receivedMs: number;
  readonly handledMs: number | null;
  readonly dispatchedMs: number | null;
  readonly acceptedMs: number | null;
  readonly arrivedMs: number | null;
  readonly closedMs: number | null;
  /** Of the alert that it was opened from. */
  readonly detectedMs: number | null;
  readonly acknowledgedMs: number | null;
}

export interface FactsPage {
  readonly facts: readonly IncidentFacts[];
  /** The id of the last of them; undefined when there are none. */
  readonly last: string | undefined;
}

const names = ['due', 'received', 'handled', 'dispatched', 'accepted', 'arrived', 'closed', 'detected'] as const;
// An incident that nobody has touched since it was opened does not know yet that its alert was taken with it.
const acknowledged = sql`coalesce(m.acknowledged_ms,
  CAST(round(unixepoch(json_extract(a.data, '$.acknowledgedBy.at'), 'subsec') * 1000) AS INTEGER))`;
const moments = [...names.map((name) => sql.ref(`m.${name}_ms`)), acknowledged];
const wholePage = sql<string>`json_group_array(json_array(m.area, m.department, ${sql.join(moments)}))`;

/**
 * Incidents received in the span and after the id `after`, in their order; parts of others stand there. As one text: rows
 * of so many fields would take longer on their way here than they do to be found.
 */
export async function incidentFacts(
  db: Queries,
  { from, to, areas }: ReportSpan,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<FactsPage> {
  let page = db
    .selectFrom('incident_moments')
    .selectAll()
    .where('id', '>=', firstIdAt(from))
    .where('id', '<', firstIdAt(to))
    .where('id', '>', after)
    .where('merged', '=', 0)
    .orderBy('id')
    .limit(limit);
  if (areas !== 'all') page = page.where((is) => is.or([is('area', 'is', null), is('area', 'in', [...areas])]));
  const { facts, last } = await db
    .selectFrom(page.as('m'))
    .leftJoin('alerts as a', (join) => join.onRef('a.id', '=', 'm.alert').on('m.acknowledged_ms', 'is', null))
    .select(({ fn }) => [wholePage.as('facts'), fn.max('m.id').as('last')])
    .executeTakeFirstOrThrow();
  const rows: FactsRow[] = JSON.parse(facts);
  return { facts: rows.map(factsOf), last: last ?? undefined };
}

type Ms = number | null;
type FactsRow = [string | null, string | null, Ms, number, Ms, Ms, Ms, Ms, Ms, Ms, Ms];

function factsOf([area, department, dueMs, receivedMs, handledMs, dispatchedMs, ...later]: FactsRow): IncidentFacts {
  const [acceptedMs, arrivedMs, closedMs, detectedMs, acknowledgedMs] = later;
  const first = { area, department, dueMs, receivedMs, handledMs, dispatchedMs };
  return { ...first, acceptedMs, arrivedMs, closedMs, detectedMs, acknowledgedMs };
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
    .where('m.closed_ms', '>=', from.getTime())
    .where('m.closed_ms', '<', to.getTime())
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
