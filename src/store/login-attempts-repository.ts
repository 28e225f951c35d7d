import type { Generated } from 'kysely';
import type { Queries, Tx } from './store.ts';

export interface LoginTriesTable {
  id: Generated<number>;
  /** `account:NAME` or `address:IP`. */
  key: string;
  at: string;
}

declare module './schema.ts' {
  interface Database {
    login_tries: LoginTriesTable;
  }
}

/** Counts one try for each key; answers the rows, so that a login that succeeded can be taken back. */
export async function addTries(tx: Tx, keys: readonly string[], at: Date): Promise<number[]> {
  const rows = keys.map((key) => ({ key, at: at.toISOString() }));
  const added = await tx.insertInto('login_tries').values(rows).returning('id').execute();
  return added.map(({ id }) => id);
}

export async function removeTries(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx
    .deleteFrom('login_tries')
    .where('id', 'in', [...ids])
    .execute();
}

/** Forgets tries outside of the window; also those after `now`, left by a clock that was put back. */
export async function pruneTries(tx: Tx, { from, now }: { from: Date; now: Date }): Promise<void> {
  await tx
    .deleteFrom('login_tries')
    .where((where) => where.or([where('at', '<=', from.toISOString()), where('at', '>', now.toISOString())]))
    .execute();
}

/** When each try of the key was, oldest first. */
export async function triesOf(db: Queries, key: string): Promise<Date[]> {
  const rows = await db.selectFrom('login_tries').select('at').where('key', '=', key).orderBy('at').execute();
  return rows.map(({ at }) => new Date(at));
}
