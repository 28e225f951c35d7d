import { createHash, generateKeyPairSync } from 'node:crypto';
import { part, secretsOf, signed, signedByHash } from './forging-issuer.ts';

/** What somebody shows in place of what they were given. */
export interface Forgery {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Behind the address. */
  readonly query?: string;
}

/** What was really given, and may be bent. */
export interface Genuine {
  readonly session: string;
  readonly apiToken: string;
  /** Not spent. */
  readonly ticket: string;
  /** What of the house's own keys everybody can read. */
  readonly publicKey: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const bearer = (name: string, token: string): Forgery => ({ name, headers: { authorization: `Bearer ${token}` } });
const cookie = (name: string, value: string): Forgery => ({ name, headers: { cookie: value } });

/** Every letter of a token in turn, by each of some others. */
export function bentTokens(token: string, perLetter: number): Forgery[] {
  return [...token].flatMap((own, at) =>
    Array.from({ length: perLetter }, (_, n) => {
      const other = letters[(letters.indexOf(own) + 1 + n * 7 + at) % letters.length] ?? '';
      const bent = `${token.slice(0, at)}${other === own ? '.' : other}${token.slice(at + 1)}`;
      return bearer(`letter ${at} of a token bent`, bent);
    }),
  );
}

/** A genuine token that is not quite it, or is in the wrong place. */
export function misplaced({ session, apiToken, ticket }: Genuine): Forgery[] {
  const hash = createHash('sha256').update(session).digest('hex');
  const wrong: readonly (readonly [string, string])[] = [
    ['a stream ticket as a session', ticket],
    ['what the store knows of a session', hash],
    ['what the store knows of a session, in base64url', Buffer.from(hash, 'hex').toString('base64url')],
    ['a session as an API token', `tianliang.${session}`],
    ['an API token without what it begins with', apiToken.replace('tianliang.', '')],
    ['an API token in capitals', apiToken.toUpperCase()],
    ['a session twice', `${session}${session}`],
    ['a session turned around', [...session].toReversed().join('')],
    ['a session in quotes', `"${session}"`],
    ['a session and a NUL', `${session}%00`],
    ['a session escaped', [...session].map((one) => `%${one.charCodeAt(0).toString(16)}`).join('')],
    ['a session and more', `${session}.`],
    ['a session and padding', `${session}=`],
    ['nothing', ''],
    ['a star', '*'],
    ['a pattern', '%'],
    ['SQL', "'OR'1'='1"],
    ['null', 'null'],
    ['undefined', 'undefined'],
    ['an object', '[object'],
    ['a prototype', '__proto__'],
    ['a long one', 'A'.repeat(8_000)],
    ...Array.from({ length: session.length }, (_, n) => ['a session cut short', session.slice(0, n)] as const),
    ...Array.from({ length: apiToken.length }, (_, n) => ['an API token cut short', apiToken.slice(0, n)] as const),
  ];
  return [...wrong.map(([name, token]) => bearer(name, token)), ...inWrongPlaces({ session, apiToken, ticket, wrong })];
}

type Places = Omit<Genuine, 'publicKey'> & { readonly wrong: readonly (readonly [string, string])[] };

function inWrongPlaces({ session, apiToken, ticket, wrong }: Places): Forgery[] {
  const names = ['token', 'access_token', 'session', 'ticket', 'tianliang', 'auth', 'api_key', 'jwt', 'id_token'];
  const headers = [
    'x-auth-token',
    'x-api-key',
    'x-access-token',
    'x-session',
    'proxy-authorization',
    'x-user',
    'x-role',
  ];
  const schemes = ['Basic', 'Digest', 'Token', 'ApiKey', 'Bearer:', 'JWT', 'Negotiate'];
  return [
    ...wrong.map(([name, token]) => cookie(`${name}, as a cookie`, `tianliang=${token}`)),
    ...[session, apiToken, ticket].flatMap((token) => [
      ...names.map((name) => ({ name: `a token as ?${name}`, headers: {}, query: `${name}=${token}` })),
      ...headers.map((name) => ({ name: `a token as ${name}`, headers: { [name]: token } })),
      ...schemes.map((scheme) => ({ name: `a token as ${scheme}`, headers: { authorization: `${scheme} ${token}` } })),
      ...names
        .filter((name) => name !== 'tianliang')
        .map((name) => cookie(`a token as a cookie ${name}`, `${name}=${token}`)),
    ]),
    // Only over TLS does that name mean something.
    cookie('a session as the cookie of another line', `__Host-tianliang=${session}`),
    cookie('a session behind a wrong one', `tianliang=wrong; tianliang=${session}`),
    {
      name: 'a wrong bearer and a good cookie',
      headers: { authorization: 'Bearer no', cookie: `tianliang=${session}` },
    },
    { name: 'a role by header', headers: { 'x-role': 'admin', 'x-forwarded-user': 'admin', 'remote-user': 'admin' } },
  ];
}

const algorithms = ['none', 'None', 'NONE', 'nOnE', '', 'HS256', 'HS384', 'HS512', 'RS256', 'ES256', 'PS256', 'EdDSA'];
const paths = [
  '../../dev/null',
  '/dev/null',
  '/etc/passwd',
  'keys/ledger.pub',
  'keys/sealing.key',
  "k1' UNION SELECT 'x",
  '',
];

/** A token of the kind this house does not have: of every algorithm, key and claim. */
export function foreignTokens({ publicKey }: Genuine): Forgery[] {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const now = Math.floor(Date.now() / 1_000);
  const base = {
    sub: 'admin',
    role: 'admin',
    areas: 'all',
    iss: 'tianliang',
    aud: 'tianliang',
    iat: now,
    exp: now + 600,
  };
  const claims: readonly (readonly [string, object])[] = [
    ['an admin', base],
    ['expired', { ...base, exp: now - 1 }],
    ['not yet', { ...base, nbf: now + 600 }],
    ['for somebody else', { ...base, aud: 'elsewhere' }],
    ['a stream ticket', { ...base, typ: 'ticket', camera: 'k1432-120' }],
    ['of an edited role', { ...base, role: 'seat', roles: ['admin'] }],
    ['a refresh token', { ...base, typ: 'refresh' }],
  ];
  const secrets = [...secretsOf(rsa), ['our own public key', publicKey] as const];
  return claims.flatMap(([what, told]) => {
    const name = (alg: string) => `a JWT, ${what}, ${alg}`;
    const headers = algorithms.flatMap((alg) => paths.map((kid) => ({ alg, kid, typ: 'JWT' })));
    const unsigned = headers.map((header) => bearer(name(header.alg), `${part(header)}.${part(told)}.`));
    const hashed = secrets.flatMap(([, secret]) =>
      headers
        .filter(({ alg }) => alg.startsWith('HS'))
        .map((header) => bearer(name(header.alg), signedByHash(header, told as never, secret))),
    );
    const own = paths.map((kid) => bearer(name('RS256'), signed({ alg: 'RS256', kid }, told as never, rsa.privateKey)));
    return [...unsigned, ...hashed, ...own];
  });
}
