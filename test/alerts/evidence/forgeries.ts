import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { type Manifest, manifestBytes } from '../../../src/alerts/evidence/packing/manifest.ts';
import { keyText, readPublicKey } from '../../../src/alerts/evidence/packing/signing-key.ts';
import { zipShape } from '../../../src/alerts/evidence/packing/zip-shape.ts';
import { openZip } from '../../../src/alerts/evidence/verifying/read-zip.ts';

type Files = [name: string, bytes: Buffer][];

const recordings = (files: Files) => files.filter(([name]) => name.startsWith('recordings/'));
const fileOf = (files: Files, name: string) => files.find(([known]) => known === name) ?? ['', Buffer.alloc(0)];

function manifestOf(files: Files): Manifest {
  return JSON.parse(fileOf(files, 'manifest.json')[1].toString());
}

/** Whoever has a key of their own signs what they like. */
function signAgain(files: Files, change: (manifest: Manifest, key: string) => Manifest): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = manifestBytes(change(manifestOf(files), keyText(publicKey)));
  fileOf(files, 'manifest.json')[1] = bytes;
  fileOf(files, 'manifest.sig')[1] = sign(null, bytes, privateKey);
}

const without = (files: Files, gone: string) => {
  files.splice(
    files.findIndex(([name]) => name === gone),
    1,
  );
};

/** What somebody might do to a package on its way. */
export const forgeries = {
  'a byte of a recording': (files) => {
    const [one] = recordings(files);
    if (one) one[1] = Buffer.from(one[1].map((byte, index) => (index === 300 ? byte ^ 1 : byte)));
  },
  'two clips change places': (files) => {
    const [a, b] = recordings(files);
    if (a && b) [a[1], b[1]] = [b[1], a[1]];
  },
  'the manifest names another recipient': (files) => {
    fileOf(files, 'manifest.json')[1] = manifestBytes({ ...manifestOf(files), recipient: '某报社' });
  },
  'signed again with another key': (files) => signAgain(files, (manifest, key) => ({ ...manifest, key })),
  'all made anew with another key': (files) =>
    signAgain(files, (manifest, key) => {
      const pem = Buffer.from(readPublicKey(key)?.export({ type: 'spki', format: 'pem' }).toString() ?? '');
      fileOf(files, 'public-key.pem')[1] = pem;
      const changed = { size: pem.length, sha256: createHash('sha256').update(pem).digest('hex') };
      const anew = manifest.files.map((file) => (file.name === 'public-key.pem' ? { ...file, ...changed } : file));
      return { ...manifest, key, files: anew };
    }),
  'a file is taken out': (files) => without(files, recordings(files)[1]?.[0] ?? ''),
  'a file is added': (files) => void files.push(['extra.txt', Buffer.from('added')]),
  'a row of the ledger is changed': (files) => {
    const ledger = fileOf(files, 'ledger.json');
    ledger[1] = Buffer.from(ledger[1].toString().replace('"审核员"', '"admin"'));
  },
  'the signature is gone': (files) => without(files, 'manifest.sig'),
  'the manifest is gone': (files) => without(files, 'manifest.json'),
  'a file stands there twice': (files) => void files.push(['README.txt', fileOf(files, 'README.txt')[1]]),
} satisfies Record<string, (files: Files) => void>;
export type Forgery = keyof typeof forgeries;

/** The package after that, made as ours are, and the key it should have been signed with. */
export async function forgePackage(
  path: string,
  forgery: Forgery,
): Promise<{ path: string; key: KeyObject | undefined }> {
  const files: Files = [];
  {
    await using zip = await openZip(path);
    for (const { name, read } of zip.entries) files.push([name, await buffer(await read())]);
  }
  const key = readPublicKey(manifestOf(files).key);
  forgeries[forgery](files);
  const zip = new ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, zipShape);
  zip.end();
  const forged = `${path}.forged.zip`;
  await writeFile(forged, await buffer(zip.outputStream));
  return { path: forged, key };
}
