import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../../shared/app-error.ts';
import { readOrMakePrivate } from '../../../shared/private-file.ts';

/** The file with the installation's key is there and is no such key. */
export class SigningKeyError extends AppError {
  readonly code = 'EVIDENCE_KEY';

  constructor(path: string, options?: ErrorOptions) {
    super(`${path} is no Ed25519 private key in PEM`);
    this.cause = options?.cause;
  }
}

const fileName = 'evidence-key.pem';
const prefix = 'ed25519:';
/** The DER that stands before the 32 bytes of an Ed25519 public key (RFC 8410 §4). */
const derHead = Buffer.from('302a300506032b6570032100', 'hex');

/** The key this installation signs evidence with. It never leaves its file and this object. */
export class SigningKey {
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(key: KeyObject) {
    this.#private = key;
    this.#public = createPublicKey(key);
  }

  /** One line that fits on a business card. */
  get text(): string {
    return keyText(this.#public);
  }

  get pem(): string {
    return this.#public.export({ type: 'spki', format: 'pem' }).toString();
  }

  /** 64 bytes (RFC 8032 §5.1.6). */
  sign(bytes: Uint8Array): Buffer {
    return sign(null, bytes, this.#private);
  }
}

/** The installation's key; made, for its owner alone to read, when there is none yet. Fails with `EVIDENCE_KEY`, `WEAK_KEY`. */
export async function openSigningKey(dataDirectory: string): Promise<SigningKey> {
  const path = join(dataDirectory, fileName);
  const pem = await readOrMakePrivate(path, newKey);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return new SigningKey(key);
  } catch (cause) {
    throw new SigningKeyError(path, { cause });
  }
  throw new SigningKeyError(path);
}

const newKey = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export function keyText(key: KeyObject): string {
  return prefix + key.export({ type: 'spki', format: 'der' }).subarray(derHead.length).toString('base64url');
}

/** From the one line, or from PEM; undefined for what is neither. */
export function readPublicKey(text: string): KeyObject | undefined {
  const words = text.trim();
  try {
    const key = words.startsWith(prefix)
      ? createPublicKey({ key: derOf(words.slice(prefix.length)), type: 'spki', format: 'der' })
      : createPublicKey(words);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

const derOf = (base64: string) => Buffer.concat([derHead, Buffer.from(base64, 'base64url')]);
