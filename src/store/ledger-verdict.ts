import {
  genesisHash,
  highestLedgerId,
  type LedgerLink,
  type LedgerRow,
  ledgerHash,
  ledgerRowsAfter,
} from './ledger-repository.ts';
import type { Queries } from './store.ts';

/**
 * What does not hold: a row was `changed`, is `missing`, was `inserted`, is another than was signed (`replaced`), or all
 * from it on are gone (`cut`).
 */
export type LedgerProblem = 'changed' | 'missing' | 'inserted' | 'replaced' | 'cut';

interface WrongRow {
  readonly firstWrongId: number;
  readonly problem: LedgerProblem;
}

/** `rows` are those that hold. */
export type LedgerVerdict =
  | { readonly intact: true; readonly rows: number; readonly head: string }
  | ({ readonly intact: false; readonly rows: number } & WrongRow);

/** The hash of each row that was written down outside of the database. */
export type LedgerMarks = ReadonlyMap<number, string>;

const batchRows = 1_000;

/** A row, and the two before it. */
interface Place {
  readonly row: LedgerRow;
  readonly last: LedgerLink;
  readonly beforeLast: LedgerLink | undefined;
}

/** Walks the whole chain, compares it with the marks, and names the first row that does not fit. */
export async function verifyLedger(db: Queries, marks: LedgerMarks = new Map()): Promise<LedgerVerdict> {
  let last: LedgerLink = { id: 0, hash: genesisHash };
  let beforeLast: LedgerLink | undefined;
  for (let batch = await rowsAfter(db, last); batch.length > 0; batch = await rowsAfter(db, last))
    for (const row of batch) {
      const wrong = await wrongAt(db, { row, last, beforeLast }, marks);
      if (wrong) return { intact: false, rows: rowsHeld(wrong, marks), ...wrong };
      beforeLast = last;
      last = row;
    }
  const isCut = last.id < Math.max(await highestLedgerId(db), highestMark(marks.keys()));
  if (isCut) return { intact: false, rows: last.id, firstWrongId: last.id + 1, problem: 'cut' };
  return { intact: true, rows: last.id, head: last.hash };
}

/** The newest row that is written down outside of the database; 0 for none. */
export function highestMark(marked: Iterable<number>): number {
  let highest = 0;
  for (const id of marked) highest = Math.max(highest, id);
  return highest;
}

/** A chain can be made anew: before a row that was replaced nothing holds but what was signed by itself. */
function rowsHeld({ firstWrongId, problem }: WrongRow, marks: LedgerMarks): number {
  if (problem !== 'replaced') return firstWrongId - 1;
  return highestMark([...marks.keys()].filter((id) => id < firstWrongId));
}

async function wrongAt(db: Queries, place: Place, marks: LedgerMarks): Promise<WrongRow | undefined> {
  const { row, last } = place;
  // AUTOINCREMENT leaves no gaps here: a missing id is a removed row, and it is that one which is named.
  if (row.id !== last.id + 1) return { firstWrongId: last.id + 1, problem: 'missing' };
  if (row.hash !== ledgerHash(row)) return { firstWrongId: row.id, problem: 'changed' };
  if (row.previous_hash !== last.hash) return await unchained(db, place, marks);
  const isSigned = (marks.get(row.id) ?? row.hash) === row.hash;
  return isSigned ? undefined : { firstWrongId: row.id, problem: 'replaced' };
}

/**
 * The row fits its own hash and not the row before it: one of the two is where or what it was not. What follows it, and
 * the next mark, tell which.
 */
async function unchained(db: Queries, { row, last, beforeLast }: Place, marks: LedgerMarks): Promise<WrongRow> {
  if (row.previous_hash === beforeLast?.hash) return { firstWrongId: last.id, problem: 'inserted' };
  const marked = [...marks.keys()].filter((id) => id >= row.id).toSorted((a, b) => a - b)[0];
  const [next] = await ledgerRowsAfter(db, row.id, 1);
  const isFollowed = next === undefined || next.previous_hash === row.hash;
  if (!isFollowed || marked === undefined) return { firstWrongId: row.id, problem: 'changed' };
  const [signed] = await ledgerRowsAfter(db, marked - 1, 1);
  const isInPlace = last.id > 0 && signed?.id === marked && signed.hash === marks.get(marked);
  return isInPlace ? { firstWrongId: last.id, problem: 'changed' } : { firstWrongId: row.id, problem: 'missing' };
}

function rowsAfter(db: Queries, { id }: LedgerLink): Promise<LedgerRow[]> {
  return ledgerRowsAfter(db, id, batchRows);
}
