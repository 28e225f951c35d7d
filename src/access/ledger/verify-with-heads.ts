import type { KeyObject } from 'node:crypto';
import { notedHead } from '../../store/ledger-heads-repository.ts';
import { highestMark, type LedgerProblem, verifyLedger } from '../../store/ledger-verdict.ts';
import type { Queries } from '../../store/store.ts';
import { headLines } from './head-lines.ts';
import { type HeadProblem, HeadReader, type NotedHead, type ReadHeads } from './ledger-head.ts';

export interface WholeVerdict {
  readonly intact: boolean;
  /** Those that hold; all of them when it is intact. */
  readonly rows: number;
  readonly head?: string;
  /** Heads that hold. */
  readonly heads: number;
  /** Rows after the last that a head speaks of: they hold together, and that is all that is known of them. */
  readonly unsigned?: number;
  readonly firstWrongId?: number;
  readonly problem?: LedgerProblem | HeadProblem['problem'];
  /** Of the file of heads. */
  readonly wrongLine?: number;
}

/** The chain, and what was signed of it outside of the database; the first row that does not fit either is named. */
export async function verifyWithHeads(db: Queries, path: string | undefined, key: KeyObject): Promise<WholeVerdict> {
  // Before the file, which is written first.
  const noted = await notedHead(db);
  const { marks, count: heads, problem } = path === undefined ? noHeads : await readHeads(path, key, noted);
  const verdict = await verifyLedger(db, marks);
  if (!verdict.intact) return { ...verdict, heads };
  if (!problem) return { ...verdict, heads, unsigned: verdict.rows - highestMark(marks.keys()) };
  const { line: wrongLine, id: firstWrongId, problem: what } = problem;
  return {
    ...{ intact: false, rows: verdict.rows, heads, problem: what },
    ...(firstWrongId !== undefined && { firstWrongId }),
    ...(wrongLine !== undefined && { wrongLine }),
  };
}

const noHeads: ReadHeads = { marks: new Map(), count: 0 };

/** What the file says; of a file that is not there nothing. */
export async function readHeads(path: string, key: KeyObject, noted?: NotedHead): Promise<ReadHeads> {
  const reader = new HeadReader(key, noted);
  for await (const line of headLines(path)) reader.take(line);
  return reader.heads;
}
