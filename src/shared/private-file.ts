import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { platform } from 'node:process';
import { AppError } from './app-error.ts';

/** A secret that others can read or guess protects nothing: whoever needs it does not go on with it. */
export class WeakKeyError extends AppError {
  readonly code = 'WEAK_KEY';

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
  }
}

/**
 * What a secret's file holds; made, for its owner alone to read, when there is none yet. Whoever comes second, also of two
 * at once, finds the file of the first. Fails with `WEAK_KEY` when others may read it.
 */
export async function readOrMakePrivate(path: string, make: () => string): Promise<string> {
  const mode = await modeOf(path);
  if (mode === undefined) await makeWhole(path, make());
  // Windows knows no such bits.
  else if (platform !== 'win32' && (mode & 0o077) !== 0)
    throw new WeakKeyError(path, 'can be read by others: chmod 600 it, and replace it if they may have');
  return (await readFile(path, 'utf8')).trim();
}

async function modeOf(path: string): Promise<number | undefined> {
  return await stat(path).then(
    ({ mode }) => mode,
    () => undefined,
  );
}

/** Linked once it is whole: nobody reads half of a secret, and none that is there is ever replaced. */
async function makeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    await using file = await open(draft, 'wx', 0o600);
    await file.writeFile(`${text.trim()}\n`);
    await file.sync();
    await link(draft, path).catch((error) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
}
