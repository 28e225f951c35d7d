import { type SqlBool, sql } from 'kysely';
import type { Queries, Tx } from './store.ts';

/** Which incident an assignment stands in, and whether its unit is bound by it; the rest stands in the incident. */
export interface AssignmentsTable {
  id: string;
  incident: string;
  unit: string;
  open: number;
}

declare module './schema.ts' {
  interface Database {
    assignments: AssignmentsTable;
  }
}

export interface AssignmentWrite {
  readonly id: string;
  readonly incident: string;
  readonly unit: string;
  readonly open: boolean;
}

/** Fails when the unit is on another open assignment. */
export async function putAssignment(tx: Tx, { id, incident, unit, open }: AssignmentWrite): Promise<void> {
  const changing = { incident, open: Number(open) };
  await tx
    .insertInto('assignments')
    .values({ id, unit, ...changing })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
    .execute();
}

export async function incidentOfAssignment(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('assignments').select('incident').where('id', '=', id).executeTakeFirst();
  return row?.incident;
}

/** The assignment that binds the unit now. */
export async function openAssignmentOf(db: Queries, unit: string): Promise<string | undefined> {
  const rows = db.selectFrom('assignments').select('id').where('unit', '=', unit).where('open', '=', 1);
  return (await rows.executeTakeFirst())?.id;
}

export interface AssignmentsPage {
  readonly unit?: string | undefined;
  readonly open?: boolean | undefined;
  /** Of incidents without an area, or of these. */
  readonly areas: readonly string[] | 'all';
  /** Only those sent before the one with this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first, each with the JSON of its incident. */
export async function assignmentsPage(db: Queries, asked: AssignmentsPage): Promise<{ id: string; data: string }[]> {
  const { unit, open, areas, before, limit } = asked;
  let rows = db
    .selectFrom('assignments as a')
    .innerJoin('incident_bodies as b', 'b.id', 'a.incident')
    .select(['a.id', 'b.data'])
    .orderBy('a.id', 'desc')
    .limit(limit);
  if (areas !== 'all')
    rows = rows
      .innerJoin('incidents as i', 'i.id', 'a.incident')
      .where((is) => is.or([is('i.area', 'is', null), is('i.area', 'in', [...areas])]));
  if (unit !== undefined) rows = rows.where('a.unit', '=', unit);
  if (open !== undefined) rows = rows.where('a.open', '=', Number(open));
  if (before !== undefined) rows = rows.where('a.id', '<', before);
  return await rows.execute();
}

/** What binds units now: at most one row for each of them. */
export async function openAssignments(db: Queries): Promise<{ id: string; incident: string; unit: string }[]> {
  // Not a parameter: the index is of the open ones only, and SQLite must see that it fits.
  const open = sql<SqlBool>`open = 1`;
  return await db.selectFrom('assignments').select(['id', 'incident', 'unit']).where(open).execute();
}
