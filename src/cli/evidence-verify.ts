import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Manifest } from '../alerts/evidence/packing/manifest.ts';
import { readPublicKey } from '../alerts/evidence/packing/signing-key.ts';
import { isIntact, type Verdict } from '../alerts/evidence/verifying/verdict.ts';
import { verifyPackage } from '../alerts/evidence/verifying/verify-package.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { type PackageRow, type RowStanding, rowStanding } from './evidence-heads.ts';

/** `evidence verify FILE.zip`, offline. Exit code 0 when it is as it was given out, 2 when it is not. */
export const evidenceVerify: Command = async ({ words, options, print }) => {
  const [file, ...rest] = words;
  if (file === undefined || rest.length > 0) throw new UsageError('evidence verify expects one FILE.zip');
  const key = options.key === undefined ? undefined : await keyOf(options.key);
  const verdict = await verifyPackage(file, key).catch((cause) => {
    throw new UsageError(`${file} cannot be read`, { cause });
  });
  for (const { item, problem } of verdict.findings) print(`${item}: ${printable(problem)}`);
  return await judge({ file, verdict, key }, options, print);
};

interface Looked {
  readonly file: string;
  readonly verdict: Verdict;
  readonly key: KeyObject | undefined;
}

async function judge(
  { file, verdict, key }: Looked,
  options: Options,
  print: CommandContext['print'],
): Promise<number> {
  const { manifest } = verdict;
  const standing = manifest && (await standingOf(manifest.ledger, options));
  if (isIntact(verdict) && manifest && standing?.holds) {
    for (const line of intactLines(file, manifest)) print(line);
    print(standing.line);
    print(`signed by ${manifest.key}${key ? '' : '; whose key that is, only its owner can tell: --key KEY compares'}`);
    return 0;
  }
  if (standing?.holds === false) print(standing.line);
  print(`${file} is NOT as it was given out`);
  return 2;
}

function intactLines(file: string, { files, copy, request, from, to, recipient, missing }: Manifest): string[] {
  return [
    `${file} is intact: ${files.length} files${copy === 'review' ? ', a watermarked review copy' : ''}`,
    `request ${request}, from ${from} to ${to}, for ${printable(recipient)}`,
    ...missing.map(({ name, reason }) => `not in it: ${name}: ${printable(reason)}`),
  ];
}

type Options = CommandContext['options'];

async function standingOf(ledger: PackageRow, { heads, 'ledger-key': key }: Options): Promise<RowStanding> {
  if (heads === undefined && key === undefined) return { holds: true, line: `ledger row ${ledger.row} ${ledger.hash}` };
  if (heads === undefined || key === undefined) throw new UsageError('--heads and --ledger-key go together');
  return await rowStanding(ledger, heads, key);
}

/** The line that `evidence key` prints, or a file that holds it or PEM. */
async function keyOf(text: string): Promise<KeyObject> {
  const key = readPublicKey(text) ?? readPublicKey(await readFile(text, 'utf8').catch(() => ''));
  if (!key) throw new UsageError('--key expects what `tianliang evidence key` prints, or a file with it');
  return key;
}

/** Words of a package are somebody else's: nothing of them moves the cursor. */
const printable = (text: string) => text.replaceAll(/\p{Cc}/gu, ' ');
