import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { firstWrongRow } from '../packing/ledger-excerpt.ts';
import { keyName, Manifest, manifestName, signatureName } from '../packing/manifest.ts';
import { keyText, readPublicKey } from '../packing/signing-key.ts';
import { checkFiles } from './check-files.ts';
import { type OpenZip, openZip, ZipRefusedError } from './read-zip.ts';
import { firstOddByte } from './same-zip.ts';
import { type Finding, type Verdict, wholePackage } from './verdict.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const Ledger = Type.Object({
  head: Type.Object({ row: Type.Integer(), hash: Type.String() }),
  rows: Type.Array(
    Type.Object({
      id: Type.Integer(),
      at: Type.String(),
      actor: Type.String(),
      role: Type.String(),
      action: Type.String(),
      object: Text,
      result: Type.String(),
      details: Text,
      address: Type.Union([Type.String(), Type.Null()]),
      previous_hash: Type.String(),
      hash: Type.String(),
    }),
  ),
});
type Ledger = Static<typeof Ledger>;

const mostReadBytes = 64 * 1024 * 1024;
const ledgerName = 'ledger.json';

/**
 * Looks at every byte of a package, offline: the signature, each file, the rows of the ledger, and the zip around them.
 * Without a key the package's own is believed, which only shows that nothing was changed by somebody without any key.
 * Fails only when there is no such file.
 */
export async function verifyPackage(path: string, key?: KeyObject): Promise<Verdict> {
  try {
    await using zip = await openZip(path);
    return await verifyZip(zip, key);
  } catch (error) {
    if (!(error instanceof ZipRefusedError)) throw error;
    return { findings: [{ item: wholePackage, problem: error.message }], manifest: undefined };
  }
}

async function verifyZip(zip: OpenZip, key: KeyObject | undefined): Promise<Verdict> {
  const bytes = await contentOf(zip, manifestName);
  const manifest = bytes && parsed(bytes, Manifest);
  if (!bytes || !manifest)
    return { findings: [{ item: manifestName, problem: 'is missing, or is no manifest of a package' }], manifest };
  const signature = await contentOf(zip, signatureName);
  const findings = [
    ...signatureFindings({ manifest, bytes, signature }, key),
    ...(await checkFiles(zip.entries, manifest)),
    ...(await keyFindings(zip, manifest)),
    ...(await ledgerFindings(zip, manifest)),
  ];
  if (findings.length === 0) findings.push(...(await zipFindings(zip)));
  return { findings, manifest };
}

interface Signed {
  readonly manifest: Manifest;
  readonly bytes: Buffer;
  readonly signature: Buffer | undefined;
}

function signatureFindings({ manifest, bytes, signature }: Signed, key: KeyObject | undefined): Finding[] {
  const own = readPublicKey(manifest.key);
  const wanted = key ?? own;
  if (!signature) return [{ item: signatureName, problem: 'is missing' }];
  if (!wanted) return [{ item: manifestName, problem: 'names no key' }];
  if (verify(null, bytes, wanted, signature)) {
    const isNamed = own !== undefined && keyText(own) === keyText(wanted);
    return isNamed ? [] : [{ item: manifestName, problem: 'names another key than the one that signed it' }];
  }
  if (own && key && verify(null, bytes, own, signature))
    return [{ item: signatureName, problem: `was signed with another key: ${keyText(own)}` }];
  return [{ item: manifestName, problem: 'was changed, or its signature was: they do not fit together' }];
}

/** The key for those who verify by other means is the one that is signed. */
async function keyFindings(zip: OpenZip, manifest: Manifest): Promise<Finding[]> {
  const pem = await contentOf(zip, keyName);
  const key = pem && readPublicKey(pem.toString());
  const own = readPublicKey(manifest.key);
  if (!key || !own || keyText(createPublicKey(pem)) === keyText(own)) return [];
  return [{ item: keyName, problem: 'is another key than the one the manifest names' }];
}

async function ledgerFindings(zip: OpenZip, { ledger: { row, hash } }: Manifest): Promise<Finding[]> {
  const bytes = await contentOf(zip, ledgerName);
  const ledger: Ledger | undefined = bytes && parsed(bytes, Ledger);
  if (!ledger) return [{ item: ledgerName, problem: 'is missing, or holds no rows of a ledger' }];
  const wrong = firstWrongRow(ledger);
  if (wrong !== undefined) return [{ item: ledgerName, problem: `row ${wrong} was changed: its hash is another` }];
  const isHead = ledger.head.row === row && ledger.head.hash === hash;
  return isHead ? [] : [{ item: ledgerName, problem: `does not end with row ${row} of the manifest` }];
}

/** Asked when all files are right: what is left are bytes around them. */
async function zipFindings(zip: OpenZip): Promise<Finding[]> {
  const odd = await firstOddByte(zip);
  const problem = `its files are as they were given out, but the zip around them was changed at byte ${odd}`;
  return odd === undefined ? [] : [{ item: wholePackage, problem }];
}

/** The only small files that are read whole; undefined for one that is not there or cannot be read. */
async function contentOf({ entries }: OpenZip, wanted: string): Promise<Buffer | undefined> {
  const entry = entries.find(({ name }) => name === wanted);
  if (!entry || entry.size > mostReadBytes) return undefined;
  const pieces: Buffer[] = [];
  try {
    for await (const piece of await entry.read()) pieces.push(piece);
  } catch {
    return undefined;
  }
  return Buffer.concat(pieces);
}

function parsed<T extends typeof Manifest | typeof Ledger>(bytes: Buffer, schema: T): Static<T> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return Value.Check(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
