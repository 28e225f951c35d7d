import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { der, objectId, sequence } from './self-signed.ts';

export interface Issued {
  readonly key: string;
  readonly cert: string;
  readonly serial: Buffer;
}

export interface Validity {
  readonly from?: Date;
  readonly to?: Date;
}

const algorithm = sequence(objectId('2a8648ce3d040302'));
const longAgo = new Date('2020-01-01T00:00:00Z');
const far = new Date('2049-12-31T23:59:59Z');

/** An authority of the test's own (X.509 v1, ECDSA P-256): its certificate, those it issues, and what it takes back. */
export class CertificateAuthority {
  readonly cert: string;
  readonly #name: Buffer;
  readonly #key: KeyObject;

  constructor(name = 'authority') {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    this.#name = distinguished(name);
    this.cert = this.#certify({ name: this.#name, serial: newSerial(), key: publicKey }, {});
  }

  issue(commonName: string, validity: Validity = {}): Issued {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const serial = newSerial();
    const cert = this.#certify({ name: distinguished(commonName), serial, key: publicKey }, validity);
    return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert, serial };
  }

  /** The list of what it has taken back (RFC 5280 §5.1). */
  revoke(...certificates: readonly Issued[]): string {
    const entries = certificates.map(({ serial }) => sequence(serial, utcTime(longAgo)));
    const list = entries.length > 0 ? [sequence(...entries)] : [];
    return this.#signed(sequence(algorithm, this.#name, utcTime(longAgo), utcTime(far), ...list), 'X509 CRL');
  }

  #certify(
    { name, serial, key }: { name: Buffer; serial: Buffer; key: KeyObject },
    { from = longAgo, to = far }: Validity,
  ): string {
    const validity = sequence(utcTime(from), utcTime(to));
    const spki = key.export({ type: 'spki', format: 'der' });
    return this.#signed(sequence(serial, algorithm, this.#name, validity, name, spki), 'CERTIFICATE');
  }

  #signed(body: Buffer, label: string): string {
    const signature = der(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, this.#key)]));
    const base64 = sequence(body, algorithm, signature).toString('base64');
    return `-----BEGIN ${label}-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;
  }
}

function newSerial(): Buffer {
  return der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)]));
}

function distinguished(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(commonName)))));
}

function utcTime(at: Date): Buffer {
  return der(
    0x17,
    Buffer.from(
      `${at
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  );
}
