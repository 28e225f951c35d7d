import { deleteHold, insertHold } from './recordings-repository.ts';
import type { Queries, Tx } from './store.ts';

export interface EvidenceLocksTable {
  id: string;
  /** The hold on the recordings that it stands for. */
  hold: string;
  camera: string;
  area: string | null;
  /** The request for evidence it was made for. */
  request: string | null;
  released: number;
  /** 1 once its end was told of. */
  warned: number;
  expires_at: string | null;
  /** JSON: the whole lock as the API shows it. */
  data: string;
}

declare module './schema.ts' {
  interface Database {
    evidence_locks: EvidenceLocksTable;
  }
}

/** The fields of a lock the database searches by; the rest travels with them. */
export interface LockFields {
  readonly id: string;
  readonly camera: string;
  readonly area?: string;
  readonly request?: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly expiresAt?: string;
  readonly releasedBy?: object;
}

/** The lock and the hold that keeps the footage, in one transaction. */
export async function insertLock(tx: Tx, lock: LockFields): Promise<void> {
  const { id, camera, area = null, request = null, reason, expiresAt = null } = lock;
  const span = { camera, from: new Date(lock.from), to: new Date(lock.to) };
  const hold = await insertHold(tx, { ...span, kind: 'lock', reason: `lock/${id} ${reason}` });
  const states = { released: 0, warned: 0, expires_at: expiresAt };
  await tx
    .insertInto('evidence_locks')
    .values({ id, hold, camera, area, request, ...states, data: JSON.stringify(lock) })
    .execute();
}

/** Lets the footage go; false when it was let go already. */
export async function releaseLock(tx: Tx, lock: LockFields): Promise<boolean> {
  const standing = tx.selectFrom('evidence_locks').select('hold').where('id', '=', lock.id).where('released', '=', 0);
  const row = await standing.executeTakeFirst();
  if (!row) return false;
  await deleteHold(tx, row.hold);
  const columns = { released: 1, data: JSON.stringify(lock) };
  await tx.updateTable('evidence_locks').set(columns).where('id', '=', lock.id).execute();
  return true;
}

export async function lockById(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('evidence_locks').select('data').where('id', '=', id).executeTakeFirst();
  return row?.data;
}

/** Those of a request that still hold, each as its JSON. */
export async function standingLocksOf(db: Queries, request: string): Promise<string[]> {
  const rows = db.selectFrom('evidence_locks').select('data').where('request', '=', request).where('released', '=', 0);
  return (await rows.execute()).map(({ data }) => data);
}

export interface LockFilter {
  readonly released: boolean;
  readonly camera?: string | undefined;
  /** Those of the reader: locks of cameras without an area are found too. */
  readonly areas: readonly string[] | 'all';
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first, each as its JSON. */
export async function listLocks(db: Queries, filter: LockFilter): Promise<string[]> {
  const { released, camera, areas, before, limit } = filter;
  let query = db.selectFrom('evidence_locks').select('data').where('released', '=', Number(released));
  if (camera !== undefined) query = query.where('camera', '=', camera);
  if (areas !== 'all') query = query.where((is) => is.or([is('area', 'is', null), is('area', 'in', [...areas])]));
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(({ data }) => data);
}

/** Standing locks that end before the time and that nobody was told of. */
export async function unwarnedLocks(db: Queries, before: Date, limit: number): Promise<string[]> {
  const rows = db.selectFrom('evidence_locks').select('data').where('released', '=', 0).where('warned', '=', 0);
  const ending = rows.where('expires_at', '<=', before.toISOString()).orderBy('expires_at').limit(limit);
  return (await ending.execute()).map(({ data }) => data);
}

export async function markWarned(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('evidence_locks').set({ warned: 1 }).where('id', '=', id).execute();
}
