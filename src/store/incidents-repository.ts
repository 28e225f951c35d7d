import { type SqlBool, sql } from 'kysely';
import type { Queries, Tx } from './store.ts';

export interface IncidentsTable {
  id: string;
  seq: number;
  version: number;
  source: string;
  kind: string;
  severity: string;
  state: string;
  at: string;
  area: string | null;
  department: string | null;
  /** Its number where it comes from. */
  reference: string | null;
  due_at: string | null;
  /** When the clock has something to do with it next. */
  wake_at: string | null;
  lat: number | null;
  lon: number | null;
  merged_into: string | null;
  title: string;
  /** In small letters: what a search finds it by. */
  words: string;
}

export interface IncidentBodiesTable {
  id: string;
  /** JSON: the whole incident as the API shows it. */
  data: string;
}

export interface IncidentPhotosTable {
  id: string;
  incident: string;
  jpeg: Uint8Array;
}

declare module './schema.ts' {
  interface Database {
    incidents: IncidentsTable;
    incident_bodies: IncidentBodiesTable;
    incident_photos: IncidentPhotosTable;
  }
}

/** The fields of an incident the database searches by. */
export interface IncidentFields {
  readonly id: string;
  readonly seq: number;
  readonly version: number;
  readonly source: string;
  readonly kind: string;
  readonly severity: string;
  readonly state: string;
  readonly at: string;
  readonly area?: string;
  readonly department?: string;
  readonly reference?: string;
  readonly dueAt?: string;
  readonly position?: { readonly lat: number; readonly lon: number };
  readonly mergedInto?: string;
  readonly title: string;
}

/** What the writer knows of an incident beside itself. */
export interface IncidentWrite<T extends IncidentFields = IncidentFields> {
  readonly incident: T;
  readonly wakeAt: Date | undefined;
  readonly words: string;
}

export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A list left out does not limit; an empty one finds nothing. */
export interface IncidentFilter {
  readonly states?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly severities?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly area?: string | undefined;
  readonly department?: string | undefined;
  /** Those of the reader: incidents without an area are found too. */
  readonly areas: readonly string[] | 'all';
  readonly box?: Box | undefined;
  /** Not handled, and due before this. */
  readonly overdueAt?: Date | undefined;
  readonly text?: string | undefined;
  /** Only incidents opened before the one with this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

export async function insertIncident(tx: Tx, write: IncidentWrite): Promise<void> {
  await tx.insertInto('incidents').values(columnsOf(write)).execute();
  const { id } = write.incident;
  await tx
    .insertInto('incident_bodies')
    .values({ id, data: JSON.stringify(write.incident) })
    .execute();
}

/** Writes the incident over its version `from`; false, and nothing written, when it is not at that version any more. */
export async function updateIncident(tx: Tx, write: IncidentWrite, from: number): Promise<boolean> {
  const { id, ...columns } = columnsOf(write);
  const update = tx.updateTable('incidents').set(columns).where('id', '=', id).where('version', '=', from);
  const { numUpdatedRows } = await update.executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  const data = JSON.stringify(write.incident);
  await tx.updateTable('incident_bodies').set({ data }).where('id', '=', id).execute();
  return true;
}

/** Each finding function answers with the JSON of what was stored. */
export async function incidentById(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('incident_bodies').select('data').where('id', '=', id).executeTakeFirst();
  return row?.data;
}

/** What the source has told of under this number before. */
export async function incidentByReference(db: Queries, source: string, reference: string): Promise<string | undefined> {
  const rows = db.selectFrom('incidents as i').innerJoin('incident_bodies as b', 'b.id', 'i.id').select('b.data');
  const row = await rows.where('i.source', '=', source).where('i.reference', '=', reference).executeTakeFirst();
  return row?.data;
}

/** Newest first; what is part of another incident stands there. */
export async function listIncidents(db: Queries, filter: IncidentFilter): Promise<string[]> {
  // The page first: what is sorted are narrow rows, and no body is read but those of the page.
  const page = matching(db, filter).select('i.id').orderBy('i.id', 'desc').limit(filter.limit);
  const bodies = db.selectFrom('incident_bodies as b').select('b.data').where('b.id', 'in', page);
  return (await bodies.orderBy('b.id', 'desc').execute()).map(({ data }) => data);
}

/** As much of an incident as a mark on the map says. */
export type IncidentMark = Pick<
  IncidentsTable,
  'id' | 'version' | 'kind' | 'severity' | 'state' | 'title' | 'at' | 'area' | 'department' | 'due_at' | 'lat' | 'lon'
>;

/** The same as `listIncidents`, without a look at what stands beside the narrow rows. */
export async function markIncidents(db: Queries, filter: IncidentFilter): Promise<IncidentMark[]> {
  const rows = matching(db, filter).orderBy('i.id', 'desc').limit(filter.limit);
  const core = rows.select(['i.id', 'i.version', 'i.kind', 'i.severity', 'i.state', 'i.title', 'i.at']);
  return await core.select(['i.area', 'i.department', 'i.due_at', 'i.lat', 'i.lon']).execute();
}

/** Open ones within the box that began after; at most so many. */
export async function incidentsNear(
  db: Queries,
  { box, since, limit }: { box: Box; since: Date; limit: number },
): Promise<string[]> {
  const open = db.selectFrom('incidents as i').where('i.state', '<>', 'closed').where(within(box));
  const rows = open.where('i.at', '>=', since.toISOString()).orderBy('i.id', 'desc').limit(limit);
  const bodies = rows.innerJoin('incident_bodies as b', 'b.id', 'i.id').select('b.data');
  return (await bodies.execute()).map(({ data }) => data);
}

/** Ids of what the clock has something to do with, the longest waiting first. */
export async function wakingIncidents(db: Queries, now: Date, limit: number): Promise<string[]> {
  const rows = db.selectFrom('incidents').select('id').where('wake_at', '<=', now.toISOString());
  return (await rows.orderBy('wake_at').limit(limit).execute()).map(({ id }) => id);
}

/** A department's unhandled work. */
export interface DepartmentLoad {
  readonly department: string;
  readonly open: number;
  readonly overdue: number;
  readonly dueWithinDay: number;
  readonly oldestDueAt: string | null;
}

const unhandledStates = ['received', 'assigned', 'dispatched', 'accepted', 'on_scene'];

/** Of each department, the most overdue first. */
export async function departmentLoads(
  db: Queries,
  { now, areas }: { now: Date; areas: readonly string[] | 'all' },
): Promise<DepartmentLoad[]> {
  const at = now.toISOString();
  const tomorrow = new Date(now.getTime() + 86_400_000).toISOString();
  const rows = matching(db, { states: unhandledStates, areas, limit: 1 })
    .where('i.department', 'is not', null)
    .select(({ fn }) => [
      sql<string>`i.department`.as('department'),
      fn.countAll<number>().as('open'),
      sql<number>`coalesce(sum(i.due_at < ${at}), 0)`.as('overdue'),
      sql<number>`coalesce(sum(i.due_at >= ${at} AND i.due_at < ${tomorrow}), 0)`.as('dueWithinDay'),
      fn.min('i.due_at').as('oldestDueAt'),
    ])
    .groupBy('i.department')
    .orderBy('overdue', 'desc')
    .orderBy('department');
  return await rows.execute();
}

export async function insertPhoto(tx: Tx, photo: IncidentPhotosTable): Promise<void> {
  await tx.insertInto('incident_photos').values(photo).execute();
}

export async function photoOf(db: Queries, incident: string, id: string): Promise<Uint8Array | undefined> {
  const rows = db.selectFrom('incident_photos').select('jpeg').where('incident', '=', incident).where('id', '=', id);
  return (await rows.executeTakeFirst())?.jpeg;
}

function matching(db: Queries, filter: IncidentFilter) {
  const { area, areas, department, box, overdueAt, text, before } = filter;
  let query = oneOf(db.selectFrom('incidents as i').where('i.merged_into', 'is', null), filter);
  if (area !== undefined) query = query.where('i.area', '=', area);
  if (department !== undefined) query = query.where('i.department', '=', department);
  if (areas !== 'all') query = query.where((is) => is.or([is('i.area', 'is', null), is('i.area', 'in', [...areas])]));
  if (box) query = query.where(within(box));
  if (overdueAt) query = query.where('i.state', 'in', unhandledStates).where('i.due_at', '<', overdueAt.toISOString());
  if (before !== undefined) query = query.where('i.id', '<', before);
  // SQLite's `instr` knows no wildcards, so that nothing in the text has to be escaped.
  if (text !== undefined) query = query.where(sql<SqlBool>`instr(i.words, ${text.toLowerCase()}) > 0`);
  return query;
}

type Narrow = ReturnType<typeof narrowRows>;
const narrowRows = (db: Queries) => db.selectFrom('incidents as i');

function oneOf(rows: Narrow, { states, kinds, severities, sources }: IncidentFilter): Narrow {
  let query = rows;
  if (states) query = query.where('i.state', 'in', [...states]);
  if (kinds) query = query.where('i.kind', 'in', [...kinds]);
  if (severities) query = query.where('i.severity', 'in', [...severities]);
  if (sources) query = query.where('i.source', 'in', [...sources]);
  return query;
}

const within = ({ west, south, east, north }: Box) =>
  sql<SqlBool>`i.lat BETWEEN ${south} AND ${north} AND i.lon BETWEEN ${west} AND ${east}`;

function columnsOf({ incident, wakeAt, words }: IncidentWrite): IncidentsTable {
  const { id, seq, version, source, kind, severity, state, at, position, title } = incident;
  const { area = null, department = null, reference = null, dueAt = null, mergedInto = null } = incident;
  const core = { id, seq, version, source, kind, severity, state, at, area, department, reference };
  const place = { lat: position?.lat ?? null, lon: position?.lon ?? null };
  const times = { due_at: dueAt, wake_at: wakeAt?.toISOString() ?? null };
  return { ...core, ...place, ...times, merged_into: mergedInto, title, words: words.toLowerCase() };
}
