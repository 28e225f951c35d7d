import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readHeads } from '../access/ledger/verify-with-heads.ts';
import { UsageError } from './command.ts';

export interface PackageRow {
  readonly row: number;
  readonly hash: string;
}

/** What the signed heads of the ledger say of the row a package was sealed with. */
export interface RowStanding {
  readonly holds: boolean;
  readonly line: string;
}

/** Offline: the file of heads and the public half of what signs it, `ledger.pub` of the installation. */
export async function rowStanding({ row, hash }: PackageRow, heads: string, key: string): Promise<RowStanding> {
  const { marks, problem } = await readHeads(heads, await publicKey(key));
  const signed = marks.get(row);
  const until = problem?.line === undefined ? '' : `; what stands from line ${problem.line} on does not hold`;
  if (signed === hash) return { holds: true, line: `ledger row ${row} ${hash}, as it was signed in ${heads}` };
  if (signed !== undefined)
    return { holds: false, line: `ledger row ${row}: another row than the one that was signed in ${heads}` };
  return { holds: true, line: `ledger row ${row} ${hash}; no line of ${heads} speaks of it${until}` };
}

async function publicKey(path: string) {
  try {
    return createPublicKey(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${path} is not a public key in PEM`, { cause });
  }
}
