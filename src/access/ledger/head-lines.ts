import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { lineHash } from './ledger-head.ts';

/** The lines of the file of heads; none of a file that is not there. */
export async function* headLines(path: string): AsyncGenerator<string, void, undefined> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    yield* lines;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** Whether one of them has this SHA-256. */
export async function hasLine(path: string, hash: string): Promise<boolean> {
  for await (const line of headLines(path)) if (lineHash(line) === hash) return true;
  return false;
}
