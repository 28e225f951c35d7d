import type { Queries, Tx } from './store.ts';

export interface SecondFactorsTable {
  account_id: string;
  /** Sealed with a key outside of the database. */
  secret: string;
  /** Null until the first code has shown that the phone has it. */
  confirmed_at: string | null;
  /** The time step of the last code that was taken: none before it is taken again. */
  last_step: number;
}

export interface RecoveryCodesTable {
  account_id: string;
  hash: string;
}

declare module './schema.ts' {
  interface Database {
    second_factors: SecondFactorsTable;
    recovery_codes: RecoveryCodesTable;
  }
}

export interface SecondFactor {
  readonly secret: string;
  readonly confirmed: boolean;
}

export async function findSecondFactor(db: Queries, account: string): Promise<SecondFactor | undefined> {
  const row = await db.selectFrom('second_factors').selectAll().where('account_id', '=', account).executeTakeFirst();
  return row && { secret: row.secret, confirmed: row.confirmed_at !== null };
}

/** Begins anew; false when there is one that is confirmed. */
export async function putSecondFactor(tx: Tx, account: string, secret: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('second_factors')
    .values({ account_id: account, secret, confirmed_at: null, last_step: 0 })
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet({ secret }).where('second_factors.confirmed_at', 'is', null),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows > 0n;
}

/** False when a code of this or a later step was taken already: of two that show one only one gets in. */
export async function takeStep(tx: Tx, account: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('second_factors')
    .set({ last_step: step })
    .where('account_id', '=', account)
    .where('last_step', '<', step)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export async function confirmSecondFactor(tx: Tx, account: string, at: Date): Promise<void> {
  await tx
    .updateTable('second_factors')
    .set({ confirmed_at: at.toISOString() })
    .where('account_id', '=', account)
    .execute();
}

/** With its recovery codes; false when there was none. */
export async function deleteSecondFactor(tx: Tx, account: string): Promise<boolean> {
  await tx.deleteFrom('recovery_codes').where('account_id', '=', account).execute();
  const { numDeletedRows } = await tx
    .deleteFrom('second_factors')
    .where('account_id', '=', account)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export async function putRecoveryCodes(tx: Tx, account: string, hashes: readonly string[]): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('account_id', '=', account).execute();
  await tx
    .insertInto('recovery_codes')
    .values(hashes.map((hash) => ({ account_id: account, hash })))
    .execute();
}

/** False for one that is not there (any more). */
export async function takeRecoveryCode(tx: Tx, account: string, hash: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('recovery_codes')
    .where('account_id', '=', account)
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** Admins with a password and nothing else. */
export async function countBareAdmins(db: Queries): Promise<number> {
  const rows = await db
    .selectFrom('accounts')
    .leftJoin('second_factors', 'second_factors.account_id', 'accounts.id')
    .select('accounts.id')
    .where('accounts.role', '=', 'admin')
    .where('accounts.disabled', '=', 0)
    .where('accounts.subject', 'is', null)
    .where('second_factors.confirmed_at', 'is', null)
    .execute();
  return rows.length;
}
