import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPublicKey } from '../../src/alerts/evidence/packing/signing-key.ts';
import { verifyPackage } from '../../src/alerts/evidence/verifying/verify-package.ts';
import { openEvidence } from '../alerts/evidence/evidence-fixtures.ts';
import { type Forgery, forgePackage, forgeries } from '../alerts/evidence/forgeries.ts';

test('T39: every byte of a package, flipped: each is found, by the name of what was touched or as no zip', async () => {
  await using house = await openEvidence();
  const { path, content } = await house.packed();
  const { manifest } = await verifyPackage(path);
  const key = readPublicKey(manifest?.key ?? '');
  const flipped = join(house.directory, 'flipped.zip');
  const files = manifest?.files.map(({ name }) => name) ?? [];
  const names = new Set([...files, 'manifest.json', 'manifest.sig', 'the package']);
  const named: Record<string, number> = {};
  let missed = 0;
  for (let at = 0; at < content.length; at += 1) {
    const bytes = Buffer.from(content);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    await writeFile(flipped, bytes);
    const { findings } = await verifyPackage(flipped, key);
    if (findings.length === 0) missed += 1;
    const known = findings.find(({ item }) => names.has(item))?.item ?? 'a name that was never in it';
    named[known] = (named[known] ?? 0) + 1;
  }
  console.log(`T39: ${content.length} bytes flipped, ${missed} missed; named first:`, named);
  expect(missed).toBe(0);
});

test('T39: a package cut off at any length is not intact', async () => {
  await using house = await openEvidence();
  const { content } = await house.packed();
  const cut = join(house.directory, 'cut.zip');
  for (let length = 0; length < content.length; length += 7) {
    await writeFile(cut, content.subarray(0, length));
    expect((await verifyPackage(cut)).findings).not.toEqual([]);
  }
});

test('T39: whatever is forged of a package is told by its name', async () => {
  await using house = await openEvidence();
  const { path } = await house.packed();
  const told: Record<string, string[]> = {};
  for (const forgery of Object.keys(forgeries) as Forgery[]) {
    const forged = await forgePackage(path, forgery);
    const { findings } = await verifyPackage(forged.path, forged.key);
    told[forgery] = findings.map(({ item, problem }) => `${item}: ${problem}`);
    expect(findings).not.toEqual([]);
  }
  console.log('T39:', told);
});
