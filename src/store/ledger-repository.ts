import { createHash } from 'node:crypto';
import type { Actor } from '../shared/actor.ts';
import type { LedgerTable } from './schema.ts';
import type { Queries, Tx } from './store.ts';

/** Who did what to which thing, and how it ended. `details` never holds a secret. */
export interface LedgerEntry {
  readonly actor: Actor;
  readonly action: string;
  readonly object?: string;
  readonly result: 'ok' | 'denied' | 'failed';
  readonly details?: object;
}

export type LedgerRow = Omit<LedgerTable, 'id'> & { readonly id: number };
type Sealed = Omit<LedgerRow, 'id' | 'hash'>;

/** What the first row is chained to. */
export const genesisHash = '0'.repeat(64);

/** SHA-256 over the row's fields and the hash before it: a changed, removed or moved row breaks the chain after it. */
export function ledgerHash(row: Sealed): string {
  const { previous_hash, at, actor, role, action, object, result, details } = row;
  const fields = [previous_hash, at, actor, role, action, object, result, details];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/** Appends the row inside the transaction of the change it tells of, so that neither exists without the other. */
export async function appendLedger(tx: Tx, entry: LedgerEntry): Promise<{ id: number; hash: string }> {
  const last = await tx.selectFrom('ledger').select('hash').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const sealed: Sealed = {
    at: new Date().toISOString(),
    actor: entry.actor.name,
    role: entry.actor.role,
    action: entry.action,
    object: entry.object ?? null,
    result: entry.result,
    details: entry.details ? JSON.stringify(entry.details) : null,
    previous_hash: last?.hash ?? genesisHash,
  };
  const hash = ledgerHash(sealed);
  return await tx
    .insertInto('ledger')
    .values({ ...sealed, hash })
    .returning(['id', 'hash'])
    .executeTakeFirstOrThrow();
}

export interface LedgerPage {
  /** Only rows older than this id. */
  readonly before?: number;
  readonly actor?: string;
  readonly action?: string;
  readonly limit: number;
}

/** Newest first. */
export async function ledgerPage(db: Queries, { before, actor, action, limit }: LedgerPage): Promise<LedgerRow[]> {
  let query = db.selectFrom('ledger').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined) query = query.where('action', '=', action);
  return await query.execute();
}

/** What was done with one thing, oldest first, the first `limit` of it. */
export async function ledgerOf(db: Queries, object: string, limit: number): Promise<LedgerRow[]> {
  return await db.selectFrom('ledger').selectAll().where('object', '=', object).orderBy('id').limit(limit).execute();
}

export type LedgerVerdict =
  | { readonly intact: true; readonly rows: number; readonly head: string }
  | { readonly intact: false; readonly rows: number; readonly firstWrongId: number };

const verifyBatch = 1_000;

/** Walks the whole chain and names the first row that does not fit. */
export async function verifyLedger(db: Queries): Promise<LedgerVerdict> {
  let head = genesisHash;
  let rows = 0;
  let after = 0;
  for (;;) {
    const batch = await db
      .selectFrom('ledger')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(verifyBatch)
      .execute();
    if (batch.length === 0) return { intact: true, rows, head };
    for (const row of batch) {
      // AUTOINCREMENT leaves no gaps here: rows are only ever appended, so a missing id is a removed row.
      if (row.id !== after + 1 || row.previous_hash !== head || row.hash !== ledgerHash(row))
        return { intact: false, rows, firstWrongId: row.id };
      head = row.hash;
      after = row.id;
      rows += 1;
    }
  }
}
