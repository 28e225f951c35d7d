import { createHash, randomBytes } from 'node:crypto';

export type AuthScheme = 'none' | 'basic' | 'digest' | 'digest-sha256' | 'digest-and-basic';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const realm = 'Simulated camera';

/** Checks the Authorization header of a request (RFC 7616, RFC 7617); its nonce can be made stale at will. */
export class RtspGate {
  readonly #scheme: AuthScheme;
  credentials: Credentials;
  #nonce = randomBytes(16).toString('hex');
  #staleNonce = '';

  constructor(scheme: AuthScheme, credentials: Credentials) {
    this.#scheme = scheme;
    this.credentials = credentials;
  }

  expireNonce(): void {
    this.#staleNonce = this.#nonce;
    this.#nonce = randomBytes(16).toString('hex');
  }

  allows(method: string, authorization: string | undefined): boolean {
    if (this.#scheme === 'none') return true;
    if (!authorization) return false;
    const basic = /^Basic\s+(\S+)/i.exec(authorization)?.[1];
    if (basic !== undefined) return this.#scheme.endsWith('basic') && this.#isBasic(basic);
    return this.#scheme.startsWith('digest') && this.#isDigest(method, fieldsOf(authorization));
  }

  /** The challenges for a 401, one header value each. */
  challenges(authorization: string | undefined): string[] {
    const basic = this.#scheme.endsWith('basic') ? [`Basic realm="${realm}"`] : [];
    if (!this.#scheme.startsWith('digest')) return basic;
    const stale = authorization?.includes(this.#staleNonce) && this.#staleNonce !== '' ? ', stale=true' : '';
    const algorithm = this.#scheme === 'digest-sha256' ? ', algorithm=SHA-256' : '';
    return [`Digest realm="${realm}", nonce="${this.#nonce}"${algorithm}${stale}`, ...basic];
  }

  #isBasic(encoded: string): boolean {
    const { username, password } = this.credentials;
    return Buffer.from(encoded, 'base64').toString() === `${username}:${password}`;
  }

  #isDigest(method: string, given: ReadonlyMap<string, string>): boolean {
    const { username, password } = this.credentials;
    const hash = (text: string) =>
      createHash(this.#scheme === 'digest-sha256' ? 'sha256' : 'md5')
        .update(text)
        .digest('hex');
    const secret = hash(`${username}:${realm}:${password}`);
    const subject = hash(`${method}:${given.get('uri') ?? ''}`);
    const qop = given.get('qop');
    const count = qop ? `:${given.get('nc')}:${given.get('cnonce')}:${qop}` : '';
    const expected = hash(`${secret}:${this.#nonce}${count}:${subject}`);
    return (
      given.get('username') === username && given.get('nonce') === this.#nonce && given.get('response') === expected
    );
  }
}

function fieldsOf(header: string): Map<string, string> {
  const pairs = header.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/gi);
  return new Map(Array.from(pairs, ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']));
}
