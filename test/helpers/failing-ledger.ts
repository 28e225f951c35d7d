import { sql } from 'kysely';
import type { Store } from '../../src/store/store.ts';

export interface FailingLedger {
  /** Of a hundred rows so many cannot be appended from now on; 0: all can. */
  fail(percent: number): Promise<void>;
}

/** A ledger that refuses rows, each by itself, while everything else of the database works. */
export async function failingLedger({ db }: Pick<Store, 'db'>): Promise<FailingLedger> {
  const percent = "coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'ledger-fails'), 0)";
  const when = `WHEN abs(random() % 100) < ${percent}`;
  await sql
    .raw(`CREATE TRIGGER ledger_fails BEFORE INSERT ON ledger ${when} BEGIN SELECT RAISE(ABORT, 'no'); END`)
    .execute(db);
  return {
    fail: async (part) => {
      const row = { key: 'ledger-fails', value: `${part}` };
      const known = db.insertInto('settings').values(row);
      await known.onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value })).execute();
    },
  };
}
