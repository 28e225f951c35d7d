import { createHash } from 'node:crypto';
import { type Manifest, manifestName, signatureName } from '../packing/manifest.ts';
import type { ZipEntry } from './read-zip.ts';
import type { Finding } from './verdict.ts';

/** Compares every file with the manifest: changed, changed places, gone, come on top. */
export async function checkFiles(entries: readonly ZipEntry[], { files }: Manifest): Promise<Finding[]> {
  const findings: Finding[] = [];
  const packed = new Map(files.map((file) => [file.name, file]));
  const bySum = new Map(files.map((file) => [file.sha256, file.name]));
  const seen = new Set<string>();
  for (const entry of entries) {
    const { name } = entry;
    const expected = packed.get(name);
    if (seen.has(name)) findings.push({ item: name, problem: 'is there more than once' });
    seen.add(name);
    if (name === manifestName || name === signatureName) continue;
    if (!expected) findings.push({ item: name, problem: 'was not given out with the package: it was added' });
    else findings.push(...(await checkFile(entry, expected, bySum)));
  }
  const gone = files.filter(({ name }) => !seen.has(name));
  return [...findings, ...gone.map(({ name }) => ({ item: name, problem: 'is missing: it was taken out' }))];
}

async function checkFile(
  { name, read }: ZipEntry,
  expected: Manifest['files'][number],
  bySum: ReadonlyMap<string, string>,
): Promise<Finding[]> {
  const found = await digestOf(read);
  if (typeof found === 'string') return [{ item: name, problem: `cannot be read: ${found}` }];
  if (found.sha256 === expected.sha256) return [];
  const other = bySum.get(found.sha256);
  if (other !== undefined) return [{ item: name, problem: `holds the bytes of ${other}` }];
  const sizes = found.size === expected.size ? '' : `, ${found.size} bytes and not ${expected.size}`;
  return [{ item: name, problem: `was changed: its SHA-256 is ${found.sha256}${sizes}` }];
}

/** Of a file that cannot be read, why. */
async function digestOf(read: ZipEntry['read']): Promise<{ sha256: string; size: number } | string> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const piece of await read()) {
      hash.update(piece);
      size += piece.length;
    }
    return { sha256: hash.digest('hex'), size };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
