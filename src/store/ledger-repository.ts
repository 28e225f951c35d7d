import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Actor } from '../shared/actor.ts';
import { printable } from '../shared/printable.ts';
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

/** What does not hold: a row was `changed`, is `missing`, is another than was signed, or all after it are gone. */
export type LedgerProblem = 'changed' | 'missing' | 'replaced' | 'cut';

export type LedgerVerdict =
  | { readonly intact: true; readonly rows: number; readonly head: string }
  | { readonly intact: false; readonly rows: number; readonly firstWrongId: number; readonly problem: LedgerProblem };

/** The hash of each row that was written down outside of the database. */
export type LedgerMarks = ReadonlyMap<number, string>;

const verifyBatch = 1_000;

interface Link {
  readonly id: number;
  readonly hash: string;
}

/** Walks the whole chain, compares it with the marks, and names the first row that does not fit. */
export async function verifyLedger(db: Queries, marks: LedgerMarks = new Map()): Promise<LedgerVerdict> {
  let last: Link = { id: 0, hash: genesisHash };
  for (let batch = await rowsAfter(db, 0); batch.length > 0; batch = await rowsAfter(db, last.id)) {
    const wrong = firstWrong(batch, last, marks);
    if (wrong) return { intact: false, rows: wrong.firstWrongId - 1, ...wrong };
    last = batch.at(-1) ?? last;
  }
  const isCut = last.id < Math.max(await highestId(db), highestMark(marks));
  if (isCut) return { intact: false, rows: last.id, firstWrongId: last.id + 1, problem: 'cut' };
  return { intact: true, rows: last.id, head: last.hash };
}

/** The newest row, which stands for all before it. */
export async function ledgerHead(db: Queries): Promise<Link | undefined> {
  return await db.selectFrom('ledger').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** AUTOINCREMENT leaves no gaps here: a missing id is a removed row, and it is that one which is named. */
function firstWrong(batch: readonly LedgerRow[], last: Link, marks: LedgerMarks) {
  let before = last;
  for (const row of batch) {
    const problem = rowProblem(row, before, marks);
    if (problem) return { firstWrongId: problem === 'missing' ? before.id + 1 : row.id, problem };
    before = row;
  }
  return undefined;
}

function rowProblem(row: LedgerRow, last: Link, marks: LedgerMarks): LedgerProblem | undefined {
  if (row.id !== last.id + 1) return 'missing';
  if (row.previous_hash !== last.hash || row.hash !== ledgerHash(row)) return 'changed';
  return (marks.get(row.id) ?? row.hash) === row.hash ? undefined : 'replaced';
}

async function rowsAfter(db: Queries, id: number): Promise<LedgerRow[]> {
  return await db.selectFrom('ledger').selectAll().where('id', '>', id).orderBy('id').limit(verifyBatch).execute();
}

function highestMark(marks: LedgerMarks): number {
  let highest = 0;
  for (const id of marks.keys()) highest = Math.max(highest, id);
  return highest;
}

/** The highest id that a row ever had, as SQLite itself counts. */
async function highestId(db: Queries): Promise<number> {
  const { rows } = await sql<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = 'ledger'`.execute(db);
  return rows[0]?.seq ?? 0;
}
