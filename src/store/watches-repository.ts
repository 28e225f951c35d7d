import type { Queries, Tx } from './store.ts';

export interface WatchesTable {
  id: string;
  actor: string;
  role: string;
  address: string | null;
  camera: string;
  over: string;
  incident: string | null;
  /** Of a recording: what of it was shown. */
  footage_from: string | null;
  footage_to: string | null;
  started_at: string;
  /** When it was last known to go on. */
  seen_at: string;
  ended_at: string | null;
  reason: string | null;
}

declare module './schema.ts' {
  interface Database {
    watches: WatchesTable;
  }
}

export async function insertWatch(
  tx: Tx,
  watch: Omit<WatchesTable, 'ended_at' | 'reason' | 'footage_to'>,
): Promise<void> {
  await tx
    .insertInto('watches')
    .values({ ...watch, ended_at: null, reason: null, footage_to: null })
    .execute();
}

export interface WatchEnd {
  readonly id: string;
  readonly at: string;
  readonly reason: string;
  readonly footageTo?: string;
}

/** False when it was over already. */
export async function endWatch(tx: Tx, { id, at, reason, footageTo }: WatchEnd): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('watches')
    .set({ ended_at: at, seen_at: at, reason, footage_to: footageTo ?? null })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** All that go on are known to at this time. */
export async function touchOpenWatches(db: Queries, at: string): Promise<void> {
  await db.updateTable('watches').set({ seen_at: at }).where('ended_at', 'is', null).execute();
}

export async function openWatches(db: Queries): Promise<WatchesTable[]> {
  return await db.selectFrom('watches').selectAll().where('ended_at', 'is', null).orderBy('id').execute();
}

export interface WatchesQuery {
  readonly camera?: string | undefined;
  readonly actor?: string | undefined;
  readonly incident?: string | undefined;
  /** Only ids before this one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function watchesPage(db: Queries, query: WatchesQuery): Promise<WatchesTable[]> {
  let rows = db.selectFrom('watches').selectAll().orderBy('id', 'desc').limit(query.limit);
  for (const column of ['camera', 'actor', 'incident'] as const) {
    const wanted = query[column];
    if (wanted !== undefined) rows = rows.where(column, '=', wanted);
  }
  if (query.before !== undefined) rows = rows.where('id', '<', query.before);
  return await rows.execute();
}
