import type { Queries, Tx } from './store.ts';

/** A shift that somebody gives and somebody takes. */
export interface HandoversTable {
  id: string;
  version: number;
  /** JSON: the whole handover as the API shows it. */
  data: string;
}

declare module './schema.ts' {
  interface Database {
    handovers: HandoversTable;
  }
}

interface HandoverFields {
  readonly id: string;
  readonly version: number;
}

export async function insertHandover(tx: Tx, handover: HandoverFields): Promise<void> {
  const { id, version } = handover;
  await tx
    .insertInto('handovers')
    .values({ id, version, data: JSON.stringify(handover) })
    .execute();
}

/** Writes it over the version before; false, and nothing written, when it is not at that one any more. */
export async function updateHandover(tx: Tx, handover: HandoverFields): Promise<boolean> {
  const { id, version } = handover;
  const update = tx.updateTable('handovers').set({ version, data: JSON.stringify(handover) });
  const { numUpdatedRows } = await update
    .where('id', '=', id)
    .where('version', '=', version - 1)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Each answers with the JSON of what was stored. */
export async function handoverById(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('handovers').select('data').where('id', '=', id).executeTakeFirst();
  return row?.data;
}

/** Newest first. */
export async function handoversPage(
  db: Queries,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<string[]> {
  let rows = db.selectFrom('handovers').select('data').orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  return (await rows.execute()).map(({ data }) => data);
}
