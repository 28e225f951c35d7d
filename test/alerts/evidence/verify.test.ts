import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { verifyPackage } from '../../../src/alerts/evidence/verifying/verify-package.ts';
import { openEvidence } from './evidence-fixtures.ts';
import { type Forgery, forgePackage, forgeries } from './forgeries.ts';

test('each forgery is told by its name', async () => {
  await using house = await openEvidence();
  const { path } = await house.packed();
  const found: Record<string, string[]> = {};
  for (const forgery of Object.keys(forgeries) as Forgery[]) {
    const forged = await forgePackage(path, forgery);
    const { findings } = await verifyPackage(forged.path, forged.key);
    found[forgery] = findings.map(({ item }) => item);
  }
  const [first, second] = ['1', '2'].map((part) => `recordings/k1432-120/2026-11-26/k1432-120-${part}.mp4`);
  expect(found).toEqual({
    'a byte of a recording': [first],
    'two clips change places': [first, second],
    'the manifest names another recipient': ['manifest.json'],
    'signed again with another key': ['manifest.sig', 'public-key.pem'],
    'all made anew with another key': ['manifest.sig'],
    'a file is taken out': [second],
    'a file is added': ['extra.txt'],
    'a row of the ledger is changed': ['ledger.json', 'ledger.json'],
    'the signature is gone': ['manifest.sig'],
    'the manifest is gone': ['manifest.json'],
    'a file stands there twice': ['README.txt'],
  });
});

test('any byte flipped is found: by name, or the zip cannot be read', async () => {
  await using house = await openEvidence();
  const { content } = await house.packed();
  const path = join(house.directory, 'flipped.zip');
  const property = fc.asyncProperty(fc.nat(content.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
    const flipped = Buffer.from(content);
    flipped[at] = (flipped[at] ?? 0) ^ mask;
    await writeFile(path, flipped);
    expect((await verifyPackage(path)).findings).not.toEqual([]);
  });
  await fc.assert(property, { numRuns: 150 });
  await fc.assert(tailProperty(content, path), { numRuns: 100 });
});

/** The zip's own directory, at the end, has the bytes that no file has. */
function tailProperty(content: Buffer, path: string) {
  const tail = content.subarray(-1_200).length;
  return fc.asyncProperty(fc.nat(tail - 1), async (back) => {
    const flipped = Buffer.from(content);
    flipped[content.length - 1 - back] = (flipped[content.length - 1 - back] ?? 0) ^ 1;
    await writeFile(path, flipped);
    expect((await verifyPackage(path)).findings).not.toEqual([]);
  });
}

test('a zip that is cut off anywhere, or has anything behind it, is not intact', async () => {
  await using house = await openEvidence();
  const { content } = await house.packed();
  const path = join(house.directory, 'cut.zip');
  for (const part of [0, 1, 100, content.length / 2, content.length - 1]) {
    await writeFile(path, content.subarray(0, part));
    expect((await verifyPackage(path)).findings).toHaveLength(1);
  }
  await writeFile(path, Buffer.concat([content, Buffer.from('x')]));
  expect((await verifyPackage(path)).findings).toHaveLength(1);
});

/** A zip with one file, as others make them. */
async function zipWith(path: string, name: string, fill: (zip: ZipFile) => void): Promise<string> {
  const zip = new ZipFile();
  fill(zip);
  zip.end();
  const bytes = await buffer(zip.outputStream);
  // The writer refuses such names itself; whoever makes them does not ask it.
  await writeFile(path, Buffer.from(bytes.toString('latin1').replaceAll('NAME'.repeat(4), name), 'latin1'));
  return path;
}

test('names that lead out of the folder are refused, and so is what would grow when it is read', async () => {
  await using house = await openEvidence();
  const path = join(house.directory, 'evil.zip');
  const placeholder = 'NAME'.repeat(4);
  for (const name of [
    '../../etc/passwd',
    '/etc/shadow-file',
    '..\\..\\windows\\',
    'C:\\temp\\evil.txt',
    'a/../../../b.txt',
    'name\u0000with.zero1',
  ]) {
    const padded = name.padEnd(16, 'x').slice(0, 16);
    await zipWith(path, padded, (zip) => zip.addBuffer(Buffer.from('evil'), placeholder, { compress: false }));
    const { findings, manifest } = await verifyPackage(path);
    expect({ padded, findings, manifest }).toMatchObject({ findings: [{ item: 'the package' }], manifest: undefined });
  }
  await zipWith(path, 'manifest.json', (zip) => zip.addBuffer(Buffer.alloc(20 * 1024 * 1024), 'manifest.json'));
  expect((await verifyPackage(path)).findings).toMatchObject([{ problem: expect.stringContaining('not stored') }]);
});
