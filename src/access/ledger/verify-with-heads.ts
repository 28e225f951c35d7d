import type { KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type LedgerProblem, verifyLedger } from '../../store/ledger-repository.ts';
import type { Queries } from '../../store/store.ts';
import { type HeadProblem, HeadReader, type ReadHeads } from './ledger-head.ts';

export interface WholeVerdict {
  readonly intact: boolean;
  readonly rows: number;
  readonly head?: string;
  /** Heads that hold. */
  readonly heads: number;
  readonly firstWrongId?: number;
  readonly problem?: LedgerProblem | HeadProblem['problem'];
  /** Of the file of heads. */
  readonly wrongLine?: number;
}

/** The chain, and what was signed of it outside of the database; the first row that does not fit either is named. */
export async function verifyWithHeads(db: Queries, path: string | undefined, key: KeyObject): Promise<WholeVerdict> {
  const { marks, count: heads, problem } = path === undefined ? noHeads : await readHeads(path, key);
  const verdict = await verifyLedger(db, marks);
  if (!verdict.intact || !problem) return { ...verdict, heads };
  const { line: wrongLine, id: firstWrongId } = problem;
  return { intact: false, rows: verdict.rows, heads, firstWrongId, problem: problem.problem, wrongLine };
}

const noHeads: ReadHeads = { marks: new Map(), count: 0 };

/** A file that is not there has no heads. */
async function readHeads(path: string, key: KeyObject): Promise<ReadHeads> {
  const reader = new HeadReader(key);
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) reader.take(line);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return reader.heads;
}
