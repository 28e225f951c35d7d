import { createHash, randomBytes } from 'node:crypto';
import type { SoapRequest } from './soap-message.ts';

export type OnvifAuth = 'ws-security' | 'http-digest' | 'both';

const windowMs = 5 * 60_000;
const realm = 'Simulated ONVIF';

export interface OnvifGateOptions {
  readonly username: string;
  readonly password: string;
  readonly auth: OnvifAuth;
  /** The device's own clock, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Who may ask this device: UsernameToken by its own clock, each nonce once, or HTTP Digest. */
export class OnvifGate {
  readonly #options: OnvifGateOptions;
  readonly #nonce = randomBytes(12).toString('hex');
  /** Nonces seen within the window, with the time they may be forgotten. */
  readonly #seen = new Map<string, number>();

  constructor(options: OnvifGateOptions) {
    this.#options = options;
  }

  get challenge(): string | undefined {
    if (this.#options.auth === 'ws-security') return undefined;
    return `Digest realm="${realm}", qop="auth", nonce="${this.#nonce}", algorithm=MD5`;
  }

  allows(request: SoapRequest, http: { authorization: string | undefined; method: string }): boolean {
    const { auth } = this.#options;
    if (auth !== 'ws-security' && this.allowsHttp(http)) return true;
    return auth !== 'http-digest' && this.#allowsToken(request);
  }

  allowsHttp({ authorization, method }: { authorization: string | undefined; method: string }): boolean {
    const field = (name: string) => new RegExp(`\\b${name}="?([^",]*)`).exec(authorization ?? '')?.[1] ?? '';
    const { username, password } = this.#options;
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const secret = md5(`${username}:${realm}:${password}`);
    const count = `${field('nc')}:${field('cnonce')}:${field('qop')}`;
    const expected = md5(`${secret}:${this.#nonce}:${count}:${md5(`${method}:${field('uri')}`)}`);
    return (
      authorization?.startsWith('Digest ') === true && field('username') === username && field('response') === expected
    );
  }

  #allowsToken({ header }: SoapRequest): boolean {
    const read = (name: string) => header('Security', 'UsernameToken', name) ?? '';
    const nonce = read('Nonce');
    const created = read('Created');
    const { username, password, now } = this.#options;
    if (Math.abs(Date.parse(created) - now()) > windowMs || Number.isNaN(Date.parse(created))) return false;
    const bytes = Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(created + password)]);
    const expected = createHash('sha1').update(bytes).digest('base64');
    if (read('Username') !== username || read('Password') !== expected) return false;
    return this.#isNew(nonce);
  }

  #isNew(nonce: string): boolean {
    const now = this.#options.now();
    for (const [old, until] of this.#seen) if (until < now) this.#seen.delete(old);
    if (this.#seen.has(nonce)) return false;
    this.#seen.set(nonce, now + 2 * windowMs);
    return true;
  }
}
