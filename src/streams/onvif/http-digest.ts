import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from './ws-security.ts';

export interface DigestRequest {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly uri: string;
}

const algorithms = new Map([
  ['', 'md5'],
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
]);

/** The Authorization header a Digest challenge asks for (RFC 7616 §3.4); `undefined` when it asks for what we do not do. */
export function digestAuthorization(
  challenge: string,
  { username, password }: Credentials,
  { method, uri }: DigestRequest,
): string | undefined {
  if (!/^\s*Digest\s/i.test(challenge)) return undefined;
  const fields = challengeFields(challenge);
  const { realm = '', nonce, algorithm = '', opaque } = Object.fromEntries(fields);
  const hashName = algorithms.get(algorithm.toLowerCase());
  const qop = offeredQop(fields.get('qop'));
  if (!nonce || !hashName || qop === 'unsupported') return undefined;
  const hash = (value: string) => createHash(hashName).update(value).digest('hex');
  const secret = hash(`${username}:${realm}:${password}`);
  const subject = hash(`${method}:${uri}`);
  const cnonce = randomBytes(8).toString('hex');
  const middle = qop ? `${nonce}:00000001:${cnonce}:${qop}` : nonce;
  const quoted = { username, realm, nonce, uri, response: hash(`${secret}:${middle}:${subject}`), opaque };
  const pairs = Object.entries(quoted).flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`]));
  if (algorithm) pairs.push(`algorithm=${algorithm}`);
  if (qop) pairs.push(`qop=${qop}`, 'nc=00000001', `cnonce="${cnonce}"`);
  return `Digest ${pairs.join(', ')}`;
}

function offeredQop(qop: string | undefined): 'auth' | 'unsupported' | undefined {
  if (qop === undefined) return undefined;
  return qop.split(/[\s,]+/).includes('auth') ? 'auth' : 'unsupported';
}

function challengeFields(challenge: string): Map<string, string> {
  const pairs = challenge.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/gi);
  return new Map(Array.from(pairs, ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']));
}
