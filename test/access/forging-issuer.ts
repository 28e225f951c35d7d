import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { House } from '../helpers/access-house.ts';
import { openHouse } from '../helpers/access-house.ts';
import { clientId, clientSecret } from './oidc-provider.ts';

type Facts = Readonly<Record<string, unknown>>;

/** What an issuer signs with, and what of it everybody can read. */
export interface IssuerKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** An OpenID issuer that hands out whatever identity token the test makes of the login's nonce. */
export interface ForgingIssuer extends AsyncDisposable {
  readonly issuer: string;
  readonly key: IssuerKey;
  /** What the next login is answered with. */
  idToken: (nonce: string) => unknown;
  /** Addresses that were asked beside those that a login needs. */
  readonly strayed: readonly string[];
}

export const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
export const rsaKey = (): IssuerKey => generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** A token with this header, signed as its `alg` would have it by this key. */
export function signed(header: Facts, claims: Facts, key: KeyObject): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

/** The same with a secret in place of a key. */
export function signedByHash(header: Facts, claims: Facts, secret: string | Buffer): string {
  const text = `${part(header)}.${part(claims)}`;
  const hash = /512|384/.exec(String(header.alg))?.[0] ?? '256';
  return `${text}.${createHmac(`sha${hash}`, secret).update(text).digest('base64url')}`;
}

export async function startForgingIssuer(): Promise<ForgingIssuer> {
  const key = rsaKey();
  const strayed: string[] = [];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const forging = {
    ...{ issuer, key, strayed, idToken: (_: string): unknown => undefined },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const jwk = { ...key.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
  const answers: Readonly<Record<string, (nonce: string) => object>> = {
    '/.well-known/openid-configuration': () => ({
      ...{ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` },
      ...{ jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'], subject_types_supported: ['public'] },
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': (nonce) => ({
      ...{ access_token: randomBytes(16).toString('hex'), token_type: 'Bearer', expires_in: 60 },
      id_token: forging.idToken(nonce),
    }),
  };
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    const answer = answers[path];
    if (!answer) strayed.push(path);
    // The test's code is the nonce: an issuer remembers what it was asked with.
    const body = (await request.toArray()).join('');
    const nonce = new URLSearchParams(body).get('code') ?? '';
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer?.(nonce) ?? {}));
  });
  return forging;
}

export const honestHeader = { alg: 'RS256', kid: 'k1', typ: 'JWT' };

/** Of somebody who is a seat, as the issuer would say it now. */
export function honestClaims({ issuer }: ForgingIssuer, nonce: string): Facts {
  const now = Math.floor(Date.now() / 1_000);
  const times = { iat: now, exp: now + 300 };
  return { iss: issuer, aud: clientId, sub: 'p-17', nonce, ...times, preferred_username: 'wang', groups: ['tl-seats'] };
}

export interface ForgedHouse extends House {
  readonly origin: string;
  /** Where a login ends that the issuer answers so, and the session it gives. */
  readonly logIn: (idToken: (nonce: string) => unknown) => Promise<{ place: string; session: string | undefined }>;
}

/** A house that believes this issuer. */
export async function openForgedHouse(forging: ForgingIssuer): Promise<ForgedHouse> {
  const roles = { 'tl-seats': 'seat', 'tl-engineers': 'engineer', 'tl-admins': 'admin' } as const;
  const oidc = { issuer: forging.issuer, clientId, clientSecret, name: 'x', rolesClaim: 'groups', roles };
  const house = await openHouse({ access: { oidc } });
  const origin = await house.app.listen({ port: 0, host: '127.0.0.1' });
  const logIn: ForgedHouse['logIn'] = async (idToken) => {
    forging.idToken = idToken;
    const begun = await fetch(`${origin}/api/v1/auth/oidc`, { redirect: 'manual' });
    const asked = new URL(begun.headers.get('location') ?? '').searchParams;
    const [code, state] = [asked.get('nonce') ?? '', asked.get('state') ?? ''];
    const back = `${origin}/api/v1/auth/oidc/callback?${new URLSearchParams({ code, state })}`;
    const headers = { cookie: `tianliang-oidc=${state}` };
    const ended = await fetch(back, { redirect: 'manual', headers });
    const session = ended.headers
      .getSetCookie()
      .map((line) => /^tianliang=([^;]+)/.exec(line)?.[1])
      .find(Boolean);
    return { place: ended.headers.get('location') ?? `${ended.status}`, session };
  };
  return { ...house, origin, logIn };
}

/** The key of a token that says of itself that its bytes are a secret. */
export const secretsOf = ({ publicKey }: IssuerKey): readonly (readonly [string, string | Buffer])[] => {
  const jwk = publicKey.export({ format: 'jwk' });
  return [
    ['the public key as PEM', publicKey.export({ type: 'spki', format: 'pem' })],
    ['the public key as PKCS 1', publicKey.export({ type: 'pkcs1', format: 'pem' })],
    ['the public key as JWK', JSON.stringify(jwk)],
    ['the modulus', Buffer.from(jwk.n ?? '', 'base64url')],
    ['the client secret', clientSecret],
    ['the client id', clientId],
    ['nothing', ''],
    ['a word', 'secret'],
  ];
};

/** One that a stranger made for themselves. */
export const strangersKey = (): KeyObject =>
  createPrivateKey(rsaKey().privateKey.export({ type: 'pkcs8', format: 'pem' }));
