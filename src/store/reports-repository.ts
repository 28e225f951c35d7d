import { sql } from 'kysely';
import { firstIdAt } from './first-id-at.ts';
import type { Queries } from './store.ts';

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

/** One parse of an incident, whatever is asked of it. */
const moments = sql<string>`json_extract(b.data, '$.handledBy.at', '$.times.dispatched', '$.times.accepted',
  '$.times.on_scene', '$.closedBy.at')`;
const alertMoments = sql<string | null>`json_extract(a.data, '$.at', '$.acknowledgedBy.at')`;

/** Incidents received in the span and after the id `after`, in their order; parts of others stand there. */
export async function incidentFacts(
  db: Queries,
  { from, to, areas }: ReportSpan,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<IncidentFacts[]> {
  let rows = db
    .selectFrom('incidents as i')
    .innerJoin('incident_bodies as b', 'b.id', 'i.id')
    .leftJoin('alerts as a', (join) => join.on(sql`a.id`, '=', sql`json_extract(b.data, '$.alerts[0]')`))
    .select(['i.id', 'i.area', 'i.department', 'i.due_at as dueAt', 'i.at as receivedAt'])
    .select([moments.as('moments'), alertMoments.as('alertMoments')])
    .where('i.id', '>=', firstIdAt(from))
    .where('i.id', '<', firstIdAt(to))
    .where('i.id', '>', after)
    .where('i.merged_into', 'is', null)
    .orderBy('i.id')
    .limit(limit);
  if (areas !== 'all') rows = rows.where((is) => is.or([is('i.area', 'is', null), is('i.area', 'in', [...areas])]));
  return (await rows.execute()).map(factsOf);
}

interface FactsRow extends Pick<IncidentFacts, 'id' | 'area' | 'department' | 'dueAt' | 'receivedAt'> {
  readonly moments: string;
  readonly alertMoments: string | null;
}

function factsOf({ moments: own, alertMoments: ofAlert, ...row }: FactsRow): IncidentFacts {
  const [handledAt = null, dispatchedAt = null, acceptedAt = null, arrivedAt = null, closedAt = null] = timesOf(own);
  const [detectedAt = null, acknowledgedAt = null] = timesOf(ofAlert ?? '[]');
  return { ...row, handledAt, dispatchedAt, acceptedAt, arrivedAt, closedAt, detectedAt, acknowledgedAt };
}

function timesOf(json: string): (string | null)[] {
  const times: (string | null)[] = JSON.parse(json);
  return times;
}

export interface ClosedCount {
  readonly area: string | null;
  readonly department: string | null;
  readonly closed: number;
}

/** Closed in the span, whenever they were received; the index by the time of closing answers. */
export async function closedCounts(db: Queries, { from, to, areas }: ReportSpan): Promise<ClosedCount[]> {
  const closedAt = sql<string>`json_extract(b.data, '$.closedBy.at')`;
  let rows = db
    .selectFrom('incident_bodies as b')
    .innerJoin('incidents as i', 'i.id', 'b.id')
    .select(({ fn }) => ['i.area', 'i.department', fn.countAll<number>().as('closed')])
    .where(closedAt, '>=', from.toISOString())
    .where(closedAt, '<', to.toISOString())
    .where('i.merged_into', 'is', null);
  if (areas !== 'all') rows = rows.where((is) => is.or([is('i.area', 'is', null), is('i.area', 'in', [...areas])]));
  return await rows.groupBy(['i.area', 'i.department']).execute();
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
