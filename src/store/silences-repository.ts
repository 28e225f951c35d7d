import type { Queries, Tx } from './store.ts';

/** Alerts that are not to ring for a while. */
export interface SilencesTable {
  id: string;
  ended_at: string | null;
  /** 1 once what outlasts it rings again. */
  settled: number;
  /** JSON: the whole silence as the API shows it. */
  data: string;
}

declare module './schema.ts' {
  interface Database {
    silences: SilencesTable;
  }
}

interface SilenceFields {
  readonly id: string;
  readonly endedAt?: string;
}

export async function insertSilence(tx: Tx, silence: SilenceFields): Promise<void> {
  const row = { id: silence.id, ended_at: null, settled: 0, data: JSON.stringify(silence) };
  await tx.insertInto('silences').values(row).execute();
}

/** Writes how it ended; false, and nothing written, when it had ended before. */
export async function endSilence(tx: Tx, silence: SilenceFields & { readonly endedAt: string }): Promise<boolean> {
  const { id, endedAt } = silence;
  const update = tx.updateTable('silences').set({ ended_at: endedAt, data: JSON.stringify(silence) });
  const { numUpdatedRows } = await update.where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Each answers with the JSON of what was stored. */
export async function silenceById(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('silences').select('data').where('id', '=', id).executeTakeFirst();
  return row?.data;
}

/** Those that last, and those whose alerts do not all ring again yet. */
export async function unsettledSilences(db: Queries): Promise<string[]> {
  const rows = db.selectFrom('silences').select('data').where('settled', '=', 0).orderBy('id');
  return (await rows.execute()).map(({ data }) => data);
}

export async function settleSilence(db: Queries, id: string): Promise<void> {
  await db.updateTable('silences').set({ settled: 1 }).where('id', '=', id).where('ended_at', 'is not', null).execute();
}

/** Newest first. */
export async function silencesPage(
  db: Queries,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<string[]> {
  let rows = db.selectFrom('silences').select('data').orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  return (await rows.execute()).map(({ data }) => data);
}

/** How many alerts each of the silences has kept quiet. */
export async function silencedCounts(db: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('alerts')
    .select(['silence', ({ fn }) => fn.countAll<number>().as('count')])
    .where('silence', 'in', [...ids])
    .groupBy('silence')
    .execute();
  return new Map(rows.map(({ silence, count }) => [silence ?? '', Number(count)]));
}

/** Ids of alerts raised in the silence that go on, oldest first. */
export async function outlastingAlerts(db: Queries, silence: string, limit: number): Promise<string[]> {
  const rows = db.selectFrom('alerts').select('id').where('silence', '=', silence);
  const going = rows.where('ended_at', 'is', null).where('state', '=', 'raised').orderBy('id').limit(limit);
  return (await going.execute()).map(({ id }) => id);
}
