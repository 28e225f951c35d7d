import type { Queries } from './store.ts';

const key = 'ledger.head';

/** The head of the ledger that was last written outside of the database: its row, and the hash of what was written. */
export interface LedgerHeadNote {
  readonly id: number;
  readonly line: string;
}

export async function noteHead(db: Queries, note: LedgerHeadNote): Promise<void> {
  const value = JSON.stringify(note);
  const insert = db.insertInto('settings').values({ key, value });
  await insert.onConflict((conflict) => conflict.column('key').doUpdateSet({ value })).execute();
}

export async function notedHead(db: Queries): Promise<LedgerHeadNote | undefined> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
  return row && JSON.parse(row.value);
}
