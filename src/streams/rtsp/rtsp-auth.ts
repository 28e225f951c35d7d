import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What a server wants to be shown (RFC 2617, RFC 7616). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'digest';
      readonly realm: string;
      readonly nonce: string;
      readonly opaque?: string;
      readonly algorithm: 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';
      readonly qop: boolean;
      /** The credentials were right, their nonce was too old. */
      readonly stale: boolean;
    };

const strength = (challenge: Challenge): number =>
  challenge.scheme === 'basic' ? 0 : challenge.algorithm.startsWith('SHA-256') ? 2 : 1;

const algorithms = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'] as const;

/**
 * The strongest challenge we can answer among the WWW-Authenticate headers; undefined when there is none. Where somebody
 * may listen, a password is never shown to who could do without it: Basic beside Digest is no offer.
 */
export function chooseChallenge(headers: readonly string[], secure = false): Challenge | undefined {
  const offered = headers.flatMap(splitChallenges);
  const hidesPassword = offered.some((challenge) => /^digest\b/i.test(challenge));
  return offered
    .map(parseChallenge)
    .filter((challenge) => challenge !== undefined)
    .filter(({ scheme }) => scheme === 'digest' || secure || !hidesPassword)
    .sort((a, b) => strength(b) - strength(a))[0];
}

/** One header may hold several challenges, divided by commas as their own parameters are (RFC 9110 §11.6.1). */
function splitChallenges(header: string): string[] {
  const challenges: string[] = [];
  for (const [part] of header.matchAll(/(?:[^,"]|"[^"]*")+/g)) {
    const isParameter = /^\s*[\w-]+\s*=/.test(part);
    if (isParameter && challenges.length > 0) challenges.push(`${challenges.pop()},${part}`);
    else challenges.push(part.trim());
  }
  return challenges;
}

function parseChallenge(header: string): Challenge | undefined {
  if (/^basic\b/i.test(header)) return { scheme: 'basic' };
  if (!/^digest\s/i.test(header)) return undefined;
  const fields = new Map(
    [...header.matchAll(/([a-z0-9_-]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)].map(([, name = '', quoted, plain]) => [
      name.toLowerCase(),
      quoted ?? plain ?? '',
    ]),
  );
  const named = fields.get('algorithm') ?? 'MD5';
  const algorithm = algorithms.find((known) => known.toLowerCase() === named.toLowerCase());
  const [realm, nonce, opaque] = [fields.get('realm'), fields.get('nonce'), fields.get('opaque')];
  if (!algorithm || realm === undefined || !nonce) return undefined;
  const qop = (fields.get('qop') ?? '').split(',').some((option) => option.trim() === 'auth');
  const stale = fields.get('stale')?.toLowerCase() === 'true';
  return { scheme: 'digest', realm, nonce, algorithm, qop, stale, ...(opaque !== undefined && { opaque }) };
}

export interface SignedRequest {
  readonly method: string;
  readonly uri: string;
  /** How often this nonce was used, from 1. */
  readonly count: number;
  readonly clientNonce?: string;
}

/** The Authorization header that answers a challenge. */
export function authorization(challenge: Challenge, credentials: Credentials, request: SignedRequest): string {
  const { username, password } = credentials;
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const { realm, nonce, algorithm, qop, opaque } = challenge;
  const hash = (...parts: string[]) =>
    createHash(algorithm.startsWith('SHA-256') ? 'sha256' : 'md5')
      .update(parts.join(':'))
      .digest('hex');
  const clientNonce = request.clientNonce ?? randomBytes(8).toString('hex');
  const count = request.count.toString(16).padStart(8, '0');
  const account = hash(username, realm, password);
  const secret = algorithm.endsWith('-sess') ? hash(account, nonce, clientNonce) : account;
  const action = hash(request.method, request.uri);
  const response = qop ? hash(secret, nonce, count, clientNonce, 'auth', action) : hash(secret, nonce, action);
  const fields = [
    `username="${username.replaceAll(/["\\]/g, '\\$&')}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${request.uri}"`,
    `response="${response}"`,
    ...(algorithm === 'MD5' ? [] : [`algorithm=${algorithm}`]),
    ...(qop ? ['qop=auth', `nc=${count}`, `cnonce="${clientNonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return `Digest ${fields.join(', ')}`;
}
