import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Actor } from '../shared/actor.ts';
import { printable } from '../shared/printable.ts';
import type { LedgerTable } from './schema.ts';
import type { Queries, Tx } from './store.ts';

/** Who did what to which thing, and how it ended, `unknown` after a crash. `details` never holds a secret. */
export interface LedgerEntry {
  readonly actor: Actor;
  readonly action: string;
  readonly object?: string;
  readonly result: 'ok' | 'denied' | 'failed' | 'unknown';
  readonly details?: object;
}

export type LedgerRow = Omit<LedgerTable, 'id'> & { readonly id: number };
type Sealed = Omit<LedgerRow, 'id' | 'hash'>;

/** A name or an object is one line, whatever a stranger calls it. */
const longestWord = 512;

/** What the first row is chained to. */
export const genesisHash = '0'.repeat(64);

/** SHA-256 over the row's fields and the hash before it: a changed, removed or moved row breaks the chain after it. */
export function ledgerHash(row: Sealed): string {
  const { previous_hash, at, actor, role, action, object, result, details, address } = row;
  // Rows from before there were addresses keep their hash.
  const fields = [
    previous_hash,
    at,
    actor,
    role,
    action,
    object,
    result,
    details,
    ...(address === null ? [] : [address]),
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

// What JSON leaves as it is and a terminal or a reader of lines does not: C1 controls, separators, direction marks.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON on one line whose every character is seen. */
function lineOf(details: object): string {
  return JSON.stringify(details).replace(unseen, (character) => character.split('').map(escaped).join(''));
}

/** Appends the row inside the transaction of the change it tells of, so that neither exists without the other. */
export async function appendLedger(tx: Tx, entry: LedgerEntry): Promise<{ id: number; hash: string }> {
  const last = await tx.selectFrom('ledger').select('hash').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const sealed: Sealed = {
    at: new Date().toISOString(),
    actor: printable(entry.actor.name, longestWord),
    role: entry.actor.role,
    action: entry.action,
    object: entry.object === undefined ? null : printable(entry.object, longestWord),
    result: entry.result,
    details: entry.details ? lineOf(entry.details) : null,
    previous_hash: last?.hash ?? genesisHash,
    address: entry.actor.address ?? null,
  };
  const hash = ledgerHash(sealed);
  return await tx
    .insertInto('ledger')
    .values({ ...sealed, hash })
    .returning(['id', 'hash'])
    .executeTakeFirstOrThrow();
}

/** Fails when the rows could not be appended now; nothing is left of the trial. */
export async function tryLedger(tx: Tx, entries: readonly LedgerEntry[]): Promise<void> {
  await sql`SAVEPOINT trial`.execute(tx);
  for (const entry of entries) await appendLedger(tx, entry);
  await sql`ROLLBACK TO trial`.execute(tx);
  await sql`RELEASE trial`.execute(tx);
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

export interface LedgerLink {
  readonly id: number;
  readonly hash: string;
}

/** The newest row, which stands for all before it. */
export async function ledgerHead(db: Queries): Promise<LedgerLink | undefined> {
  return await db.selectFrom('ledger').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** Oldest first, of those after `id`. */
export async function ledgerRowsAfter(db: Queries, id: number, limit: number): Promise<LedgerRow[]> {
  return await db.selectFrom('ledger').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute();
}

/** The highest id that a row ever had, as SQLite itself counts. */
export async function highestLedgerId(db: Queries): Promise<number> {
  const { rows } = await sql<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = 'ledger'`.execute(db);
  return rows[0]?.seq ?? 0;
}
