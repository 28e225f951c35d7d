import type { Queries, Tx } from './store.ts';

/** Whom a dispatch was chosen from. */
export interface RankingsTable {
  assignment: string;
  incident: string;
  /** Gzip of JSON: of a whole district it is long, and hardly ever read. */
  ranking: Uint8Array;
}

declare module './schema.ts' {
  interface Database {
    rankings: RankingsTable;
  }
}

export async function insertRanking(tx: Tx, ranking: RankingsTable): Promise<void> {
  await tx.insertInto('rankings').values(ranking).execute();
}

/** Of each dispatch of the incident, oldest first. */
export async function rankingsOf(
  db: Queries,
  incident: string,
): Promise<Pick<RankingsTable, 'assignment' | 'ranking'>[]> {
  const rows = db.selectFrom('rankings').select(['assignment', 'ranking']).where('incident', '=', incident);
  return await rows.orderBy('assignment').execute();
}
