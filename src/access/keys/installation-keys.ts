import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOrMakePrivate, WeakKeyError } from '../../shared/private-file.ts';

/** Secrets of this installation, made by itself: what seals second factors, and what signs the head of the ledger. */
export interface InstallationKeys {
  /** 32 bytes. */
  readonly sealing: Buffer;
  /** Ed25519. */
  readonly signing: KeyObject;
  readonly verifying: KeyObject;
}

const sealingBytes = 32;

/** The public key beside the data, to verify with: of no use to forge. */
export const publicKeyFile = (directory: string) => join(directory, 'ledger.pub');

/** Keys of this process only, for commands and tests. */
export function passingKeys(): InstallationKeys {
  const { privateKey: signing, publicKey: verifying } = generateKeyPairSync('ed25519');
  return { sealing: randomBytes(sealingBytes), signing, verifying };
}

/** Reads the keys, and makes what is not there yet. Fails with `WeakKeyError`. */
export async function openKeys(directory: string): Promise<InstallationKeys> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const fresh = passingKeys();
  const sealingPath = join(directory, 'sealing.key');
  const sealing = Buffer.from(
    await readOrMakePrivate(sealingPath, () => fresh.sealing.toString('base64url')),
    'base64url',
  );
  if (!isRandom(sealing)) throw new WeakKeyError(sealingPath, `must hold ${sealingBytes} random bytes in base64url`);
  const signingPath = join(directory, 'ledger.key');
  const pem = await readOrMakePrivate(signingPath, () =>
    fresh.signing.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  const signing = signingKey(signingPath, pem);
  const verifying = createPublicKey(signing);
  await publish(directory, { path: signingPath, pem: verifying.export({ type: 'spki', format: 'pem' }).toString() });
  return { sealing, signing, verifying };
}

/** Nobody draws bytes of which half are the same. */
function isRandom(key: Buffer): boolean {
  return key.length === sealingBytes && new Set(key).size > sealingBytes / 2;
}

function signingKey(path: string, pem: string): KeyObject {
  const key = privateKeyOf(pem);
  if (key?.asymmetricKeyType !== 'ed25519') throw new WeakKeyError(path, 'must hold an Ed25519 private key as PEM');
  return key;
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** To be read by all, and never replaced: a key that is not its own would sign heads that nobody believes. */
async function publish(directory: string, { path, pem }: { path: string; pem: string }): Promise<void> {
  const published = publicKeyFile(directory);
  await writeFile(published, pem, { flag: 'wx', mode: 0o644 }).catch((error) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  if ((await readFile(published, 'utf8')).trim() !== pem.trim())
    throw new WeakKeyError(path, `is not the key of ${published}: bring it back, or move that away to begin anew`);
}
