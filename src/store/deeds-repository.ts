import { sql } from 'kysely';
import type { Queries, Tx } from './store.ts';

export interface DeedsTable {
  id: string;
  /** Of the process it was begun in. */
  run: string;
  begun_at: string;
  /** JSON: who does what to which thing. */
  deed: string;
}

declare module './schema.ts' {
  interface Database {
    deeds: DeedsTable;
  }
}

export async function insertDeed(tx: Tx, deed: DeedsTable): Promise<void> {
  await tx.insertInto('deeds').values(deed).execute();
}

/** False when it was over already. */
export async function deleteDeed(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('deeds').where('id', '=', id).executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** Those of other processes than this one, the oldest first. */
export async function deedsLeft(db: Queries, run: string): Promise<DeedsTable[]> {
  return await db.selectFrom('deeds').selectAll().where('run', '!=', run).orderBy(sql`rowid`).execute();
}
