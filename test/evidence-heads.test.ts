import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { passingKeys } from '../src/access/keys/installation-keys.ts';
import { firstPrevious, headLine } from '../src/access/ledger/ledger-head.ts';
import { rowStanding } from '../src/cli/evidence-heads.ts';
import { tempDir } from './helpers/temp-dir.ts';

const hash = 'a'.repeat(64);

test('the row a package was sealed with is as it was signed, another one, or not spoken of', async () => {
  await using dir = await tempDir();
  const [heads, key] = [join(dir.path, 'heads.jsonl'), join(dir.path, 'ledger.pub')];
  const { signing, verifying } = passingKeys();
  await writeFile(key, verifying.export({ type: 'spki', format: 'pem' }));
  const line = headLine({ at: '2026-11-26T08:00:00.000Z', id: 7, hash, previous: firstPrevious }, signing);
  await writeFile(heads, `${line}\n${line}\n`);
  const standing = (row: number, found: string) => rowStanding({ row, hash: found }, heads, key);
  expect(await standing(7, hash)).toEqual({ holds: true, line: `ledger row 7 ${hash}, as it was signed in ${heads}` });
  expect(await standing(7, 'b'.repeat(64))).toMatchObject({
    holds: false,
    line: expect.stringContaining('another row'),
  });
  const unknown = await standing(8, hash);
  expect([unknown.holds, unknown.line]).toEqual([true, expect.stringContaining('from line 2 on does not hold')]);
  await expect(rowStanding({ row: 7, hash }, heads, heads)).rejects.toThrow('is not a public key');
});
