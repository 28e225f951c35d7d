import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readPublicKey } from '../alerts/evidence/packing/signing-key.ts';
import { isIntact } from '../alerts/evidence/verifying/verdict.ts';
import { verifyPackage } from '../alerts/evidence/verifying/verify-package.ts';
import { type Command, UsageError } from './command.ts';

/** `evidence verify FILE.zip [--key KEY]`, offline. Exit code 0 when it is as it was given out, 2 when it is not. */
export const evidenceVerify: Command = async ({ words, options, print }) => {
  const [file, ...rest] = words;
  if (file === undefined || rest.length > 0) throw new UsageError('evidence verify expects one FILE.zip');
  const key = options.key === undefined ? undefined : await keyOf(options.key);
  const verdict = await verifyPackage(file, key).catch((cause) => {
    throw new UsageError(`${file} cannot be read`, { cause });
  });
  for (const { item, problem } of verdict.findings) print(`${item}: ${printable(problem)}`);
  const { manifest } = verdict;
  if (!isIntact(verdict) || !manifest) {
    print(`${file} is NOT as it was given out`);
    return 2;
  }
  const { files, copy, request, from, to, recipient, ledger, missing } = manifest;
  print(`${file} is intact: ${files.length} files${copy === 'review' ? ', a watermarked review copy' : ''}`);
  print(`request ${request}, from ${from} to ${to}, for ${printable(recipient)}`);
  for (const { name, reason } of missing) print(`not in it: ${name}: ${printable(reason)}`);
  print(`ledger row ${ledger.row} ${ledger.hash}`);
  print(`signed by ${manifest.key}${key ? '' : '; whose key that is, only its owner can tell: --key KEY compares'}`);
  return 0;
};

/** The line that `evidence key` prints, or a file that holds it or PEM. */
async function keyOf(text: string): Promise<KeyObject> {
  const key = readPublicKey(text) ?? readPublicKey(await readFile(text, 'utf8').catch(() => ''));
  if (!key) throw new UsageError('--key expects what `tianliang evidence key` prints, or a file with it');
  return key;
}

/** Words of a package are somebody else's: nothing of them moves the cursor. */
const printable = (text: string) => text.replaceAll(/\p{Cc}/gu, ' ');
