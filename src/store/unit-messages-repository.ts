import { type SqlBool, sql } from 'kysely';
import { firstIdAt } from './first-id-at.ts';
import type { Queries, Tx } from './store.ts';

export interface UnitMessagesTable {
  id: string;
  unit: string;
  version: number;
  state: string;
  /** 1 until it is settled: read, answered or expired. */
  open: number;
  assignment: string | null;
  /** What makes two requests the same message. */
  key: string | null;
  /** JSON: the whole message. */
  data: string;
}

declare module './schema.ts' {
  interface Database {
    unit_messages: UnitMessagesTable;
  }
}

/** The fields of a message the database searches by; the whole message is kept as JSON beside them. */
export interface UnitMessageFields {
  readonly id: string;
  readonly unit: string;
  readonly version: number;
  readonly state: string;
  readonly assignment?: string;
}

/** Whether it is still open is the writer's to know. */
export interface UnitMessageWrite {
  readonly message: UnitMessageFields;
  readonly open: boolean;
}

export async function insertUnitMessage(tx: Tx, { message, open }: UnitMessageWrite, key?: string): Promise<void> {
  await tx
    .insertInto('unit_messages')
    .values({ ...columnsOf(message, open), key: key ?? null })
    .execute();
}

/** Writes the message over its version `from`; false, and nothing written, when it is not at that version any more. */
export async function updateUnitMessage(tx: Tx, { message, open }: UnitMessageWrite, from: number): Promise<boolean> {
  const { id, ...columns } = columnsOf(message, open);
  const { numUpdatedRows } = await tx
    .updateTable('unit_messages')
    .set(columns)
    .where('id', '=', id)
    .where('version', '=', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Each finding function answers with the JSON of what was stored. */
export async function unitMessageById(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('unit_messages').select('data').where('id', '=', id).executeTakeFirst();
  return row?.data;
}

export async function unitMessageByKey(db: Queries, key: string): Promise<string | undefined> {
  const row = await db.selectFrom('unit_messages').select('data').where('key', '=', key).executeTakeFirst();
  return row?.data;
}

/** The newest about the assignment: the unit's own where there is one, else anybody's. */
export async function unitMessageByAssignment(
  db: Queries,
  assignment: string,
  unit: string,
): Promise<string | undefined> {
  const about = db.selectFrom('unit_messages').select('data').where('assignment', '=', assignment);
  const own = await about.where('unit', '=', unit).orderBy('id', 'desc').limit(1).executeTakeFirst();
  return (own ?? (await about.orderBy('id', 'desc').limit(1).executeTakeFirst()))?.data;
}

/** What is not settled, oldest first. */
export async function openUnitMessages(db: Queries): Promise<string[]> {
  const rows = await db.selectFrom('unit_messages').select('data').where('open', '=', 1).orderBy('id').execute();
  return rows.map(({ data }) => data);
}

/** Of each unit the newest that its terminal has answered. */
export async function answeredUnitMessages(db: Queries): Promise<string[]> {
  const answered = db
    .selectFrom('unit_messages')
    .select(({ fn }) => fn.max('id').as('id'))
    .where('state', 'not in', ['queued', 'sent'])
    .where(sql<SqlBool>`(state <> 'expired' OR json_extract(data, '$.times.delivered') IS NOT NULL)`)
    .groupBy('unit');
  const rows = await db.selectFrom('unit_messages').select('data').where('id', 'in', answered).execute();
  return rows.map(({ data }) => data);
}

export async function countOpenUnitMessages(db: Queries, unit: string): Promise<number> {
  const open = db.selectFrom('unit_messages').where('unit', '=', unit).where('open', '=', 1);
  const { count } = await open.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return count;
}

export interface UnitMessagesPage {
  readonly unit: string;
  /** Only those before the one with this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function unitMessagesPage(db: Queries, { unit, before, limit }: UnitMessagesPage): Promise<string[]> {
  let rows = db.selectFrom('unit_messages').select('data').where('unit', '=', unit).orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  return (await rows.execute()).map(({ data }) => data);
}

/** Forgets at most so many of the settled messages that were written before, the oldest first; answers how many. */
export async function pruneUnitMessages(db: Queries, before: Date, most: number): Promise<number> {
  const written = db.selectFrom('unit_messages').select('id').where('id', '<', firstIdAt(before));
  const old = written.where('open', '=', 0).orderBy('id').limit(most);
  const { numDeletedRows } = await db.deleteFrom('unit_messages').where('id', 'in', old).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function columnsOf(message: UnitMessageFields, open: boolean): Omit<UnitMessagesTable, 'key'> {
  const { id, unit, version, state, assignment = null } = message;
  return { id, unit, version, state, open: Number(open), assignment, data: JSON.stringify(message) };
}
