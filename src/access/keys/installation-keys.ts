import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { AppError } from '../../shared/app-error.ts';

/** Secrets of this installation, made by itself: what seals second factors, and what signs the head of the ledger. */
export interface InstallationKeys {
  /** 32 bytes. */
  readonly sealing: Buffer;
  /** Ed25519. */
  readonly signing: KeyObject;
  readonly verifying: KeyObject;
}

/** A key that others can read or guess protects nothing: the house does not open with it. */
export class WeakKeyError extends AppError {
  readonly code = 'WEAK_KEY';

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
  }
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
  const sealing = Buffer.from(await readOrMake(sealingPath, fresh.sealing.toString('base64url')), 'base64url');
  if (!isRandom(sealing)) throw new WeakKeyError(sealingPath, `must hold ${sealingBytes} random bytes in base64url`);
  const signingPath = join(directory, 'ledger.key');
  const pem = await readOrMake(signingPath, fresh.signing.export({ type: 'pkcs8', format: 'pem' }).toString());
  const signing = signingKey(signingPath, pem);
  const verifying = createPublicKey(signing);
  await publish(publicKeyFile(directory), verifying.export({ type: 'spki', format: 'pem' }).toString());
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

async function readOrMake(path: string, made: string): Promise<string> {
  const isThere = await stat(path).then(
    ({ mode }) => mode,
    () => undefined,
  );
  if (isThere === undefined) await writeNew(path, made);
  // Windows knows no such bits.
  else if (platform !== 'win32' && (isThere & 0o077) !== 0)
    throw new WeakKeyError(path, 'can be read by others: chmod 600 it, and replace it if they may have');
  return (await readFile(path, 'utf8')).trim();
}

/** Whoever was first wins. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${text.trim()}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function publish(path: string, pem: string): Promise<void> {
  const known = await readFile(path, 'utf8').catch(() => undefined);
  if (known !== undefined) return;
  await writeNew(path, pem);
  await chmod(path, 0o644);
}
