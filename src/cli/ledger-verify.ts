import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicKeyFile } from '../access/keys/installation-keys.ts';
import { verifyWithHeads, type WholeVerdict } from '../access/ledger/verify-with-heads.ts';
import { openStoreToRead } from '../store/store.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';

/** `ledger verify`: reads only, needs no server and no network. Exit code 2 when something does not hold. */
export const ledgerVerify: Command = async (context) => {
  const { words, options, dataDir, print } = context;
  if (words.length > 0) throw new UsageError('ledger verify expects no words');
  await using store = await openStoreToRead(join(dataDir, 'operations.sqlite'));
  const heads = options.heads ?? join(dataDir, 'ledger-heads.jsonl');
  const verdict = await verifyWithHeads(store.db, heads, await publicKey(context));
  for (const line of verdictLines(verdict, heads)) print(line);
  return verdict.intact ? 0 : 2;
};

/** `--key`: a copy kept elsewhere, which nobody who has the data could replace. */
async function publicKey({ options, dataDir }: CommandContext) {
  const path = options.key ?? publicKeyFile(join(dataDir, 'keys'));
  try {
    return createPublicKey(await readFile(path, 'utf8'));
  } catch {
    throw new UsageError(`${path} is not a public key in PEM; name one with --key FILE`);
  }
}

const sentences = {
  changed: 'its content or its place is not what was written',
  missing: 'it is gone, and rows after it are there',
  inserted: 'it was put in between',
  replaced: 'it is another row than the one that was signed',
  cut: 'it and all after it are gone',
  'foreign-key': 'its head was changed, or not signed by the key of this installation',
  unchained: 'its head does not follow the head before it',
  unreadable: 'what was signed there cannot be read any more',
  lost: 'its head was signed and is not in the file of heads any more (is that another one? --heads FILE)',
} as const;

export function verdictLines(verdict: WholeVerdict, heads: string): string[] {
  const { intact, rows, problem, head, unsigned = 0 } = verdict;
  const signed = `${verdict.heads} signed heads in ${heads}`;
  if (intact) return [`intact: ${rows} rows, ${signed}`, `head ${head}`, ...unsignedLines(rows, unsigned)];
  const why = problem ? sentences[problem] : 'it does not hold';
  const since = problem === 'replaced' ? `; so may be any from row ${rows + 1} on` : '';
  return [`${itemOf(verdict, heads)}: ${why}${since}`, `${rows} rows hold, ${signed}`];
}

/** The row where one is known, the line of the file where it is one. */
function itemOf({ firstWrongId, wrongLine }: WholeVerdict, heads: string): string {
  const line = wrongLine === undefined ? '' : `${heads}:${wrongLine}`;
  if (firstWrongId === undefined) return line;
  return `row ${firstWrongId}${line && ` (${line})`}`;
}

/** What a stranger adds behind the last signature looks like what the house has added since. */
function unsignedLines(rows: number, unsigned: number): string[] {
  if (unsigned === 0) return [];
  const which = unsigned === 1 ? `row ${rows} is` : `rows ${rows - unsigned + 1} to ${rows} are`;
  return [`${which} newer than the last signature: nothing outside of the database speaks of them yet`];
}
