import type { Queries, Tx } from './store.ts';

/** A warning as JSON; `until` is RFC 3339 UTC. */
export interface WarningRow {
  readonly id: string;
  readonly until: string;
  readonly data: string;
}

/** Inserts the warning, or writes it over the one of its id. */
export async function saveWarning(tx: Tx, { id, until, data }: WarningRow): Promise<void> {
  const columns = { until_at: until, data };
  await tx
    .insertInto('warnings')
    .values({ id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
}

export async function deleteWarning(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('warnings').where('id', '=', id).execute();
}

/** The JSON of each, the one that ends first at the front. */
export async function listWarnings(db: Queries): Promise<string[]> {
  const rows = await db.selectFrom('warnings').select('data').orderBy('until_at').execute();
  return rows.map(({ data }) => data);
}
