import type { KeyObject } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ForgedHouse,
  type ForgingIssuer,
  honestClaims,
  honestHeader,
  openForgedHouse,
  part,
  secretsOf,
  signed,
  signedByHash,
  startForgingIssuer,
  strangersKey,
} from '../access/forging-issuer.ts';
import { clientId } from '../access/oidc-provider.ts';
import { ledgerOf } from '../helpers/access-house.ts';

let forging: ForgingIssuer;
let house: ForgedHouse;
let stranger: KeyObject;
beforeAll(async () => {
  forging = await startForgingIssuer();
  house = await openForgedHouse(forging);
  stranger = strangersKey();
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  await forging?.[Symbol.asyncDispose]();
});

type Make = (nonce: string) => unknown;
type Named = readonly [name: string, make: Make];

const now = () => Math.floor(Date.now() / 1_000);
const admin = (nonce: string) => ({ ...honestClaims(forging, nonce), groups: ['tl-admins'] });
const honest: Make = (nonce) => signed(honestHeader, honestClaims(forging, nonce), forging.key.privateKey);
const by =
  (header: object, key = () => stranger): Make =>
  (nonce) =>
    signed({ ...header }, admin(nonce), key());
const saying =
  (change: object): Make =>
  (nonce) =>
    signed(honestHeader, { ...admin(nonce), ...change }, forging.key.privateKey);

/** Unsigned, in every way of saying so. */
const unsigned = (): Named[] =>
  ['none', 'None', 'NONE', 'nOnE', '', null, 0, ['RS256'], 'RS256'].flatMap((alg): Named[] => {
    const text = (nonce: string) => `${part({ ...honestHeader, alg })}.${part(admin(nonce))}`;
    const rest: Named[] = [
      [`alg ${alg}, no signature`, (nonce) => `${text(nonce)}.`],
      [`alg ${alg}, two parts`, text],
      [`alg ${alg}, a signature of zeros`, (nonce) => `${text(nonce)}.${Buffer.alloc(256).toString('base64url')}`],
      [
        `alg ${alg}, the signature of another token`,
        (nonce) => `${text(nonce)}.${String(honest(nonce)).split('.')[2]}`,
      ],
    ];
    return rest;
  });

/** What everybody can read taken for a secret (HS/RS confusion). */
const confused = (): Named[] =>
  ['HS256', 'HS384', 'HS512', 'RS256'].flatMap((alg) =>
    secretsOf(forging.key).map(
      ([what, secret]): Named => [
        `${alg} by ${what}`,
        (nonce) => signedByHash({ ...honestHeader, alg }, admin(nonce), secret),
      ],
    ),
  );

const paths = [
  '../../../dev/null',
  '/dev/null',
  '/etc/passwd',
  'file:///etc/hostname',
  "k1' OR '1'='1",
  '',
  null,
  0,
  {},
  'k2',
  'K1',
];

/** Signed by a stranger, who says where the key is. */
function strange(): Named[] {
  const evil = `${forging.issuer}/evil`;
  const jwk = { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'k1' };
  const embedded = [
    { jku: evil },
    { x5u: evil },
    { jwk },
    { x5c: ['MIIB'] },
    { crit: ['exp'], exp: 0 },
    { b64: false, crit: ['b64'] },
  ];
  return [
    ...paths.map((kid): Named => [`kid ${JSON.stringify(kid)}, a stranger's key`, by({ ...honestHeader, kid })]),
    ...paths.map(
      (kid): Named => [
        `kid ${JSON.stringify(kid)}, HS256 by nothing`,
        (nonce) => signedByHash({ ...honestHeader, alg: 'HS256', kid }, admin(nonce), ''),
      ],
    ),
    ...embedded.map((more): Named => [`a stranger's key, ${Object.keys(more)[0]}`, by({ ...honestHeader, ...more })]),
    ...['RS384', 'RS512', 'PS256', 'ES256', 'EdDSA', 'Ed25519', 'RS1', 'A256GCM'].map(
      (alg): Named => [`alg ${alg} with the issuer's key`, by({ ...honestHeader, alg }, () => forging.key.privateKey)],
    ),
  ];
}

/** Signed by the issuer, and not for this login, here and now. */
const misdirected = (): Named[] => {
  const other = forging.issuer.replace('127.0.0.1', 'localhost');
  const changes: readonly (readonly [string, object])[] = [
    // Two houses' clocks may be 30 s apart.
    ...[31, 60, 300, 86_400].map((seconds) => [`expired ${seconds} s ago`, { exp: now() - seconds }] as const),
    ...[0, 1, -1, null, undefined, '9999999999', true].map((exp) => [`exp ${exp}`, { exp }] as const),
    ...[60, 3_600, 86_400].map((seconds) => [`nbf in ${seconds} s`, { nbf: now() + seconds }] as const),
    ...['0', null, true].map((nbf) => [`nbf ${nbf}`, { nbf }] as const),
    ...[
      'elsewhere',
      [],
      ['elsewhere'],
      '',
      null,
      undefined,
      `${clientId}x`,
      clientId.toUpperCase(),
      { 0: clientId },
      [[clientId]],
    ].map((aud) => [`aud ${JSON.stringify(aud)}`, { aud }] as const),
    ['aud of two, for another', { aud: [clientId, 'elsewhere'], azp: 'elsewhere' }],
    ['aud of two, for nobody', { aud: [clientId, 'elsewhere'] }],
    ...[other, `${forging.issuer}/`, '', null, undefined, 'https://evil.example'].map(
      (iss) => [`iss ${iss}`, { iss }] as const,
    ),
    ...['', 'another', null, undefined, 0, ['x']].map((nonce) => [`nonce ${nonce}`, { nonce }] as const),
    ...['', null, undefined, 17].map((sub) => [`sub ${sub}`, { sub }] as const),
    ...[null, undefined, 'now'].map((iat) => [`iat ${iat}`, { iat }] as const),
    // Of another kind: an access token and a logout token know no nonce.
    ['an access token', { nonce: undefined, scope: 'openid', client_id: clientId }],
    ['a logout token', { nonce: undefined, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
  ];
  return changes.map(([name, change]): Named => [name, saying(change)]);
};

const shapes = (): Named[] =>
  [
    undefined,
    null,
    '',
    '.',
    '..',
    '...',
    0,
    true,
    {},
    [],
    'e30.e30.',
    `${part(honestHeader)}..`,
    'a.b.c.d.e',
    'x'.repeat(100_000),
  ].map((token): Named => [`a token like ${String(JSON.stringify(token)).slice(0, 30)}`, () => token]);

/** The issuer's own token with one letter of it another, where that makes other bytes. */
function bent(count: number): Named[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from(
    { length: count },
    (_, n): Named => [
      'a letter of the token',
      (nonce) => {
        const own = String(honest(nonce));
        const at = Math.floor((n / count) * own.length);
        if (own[at] === '.') return `${own.slice(0, at)}${own.slice(at + 1)}`;
        const others = [...alphabet].map((letter) => `${own.slice(0, at)}${letter}${own.slice(at + 1)}`);
        const bytes = (token: string) =>
          token
            .split('.')
            .map((piece) => Buffer.from(piece, 'base64url').toString('hex'))
            .join();
        return others.filter((token) => bytes(token) !== bytes(own))[n % 31] ?? `${own}x`;
      },
    ],
  );
}

const edited = (): Named[] =>
  [
    { groups: ['tl-admins'] },
    { groups: ['tl-seats', 'tl-engineers'] },
    { sub: 'p-1' },
    { exp: 4_000_000_000 },
    { areas: 'all' },
  ].map(
    (change): Named => [
      `${Object.keys(change)[0]} edited`,
      (nonce) => {
        const [head, , signature] = String(honest(nonce)).split('.');
        return `${head}.${part({ ...honestClaims(forging, nonce), ...change })}.${signature}`;
      },
    ],
  );

test('an identity token that the issuer did not sign, for this login, here and now, logs nobody in', async () => {
  expect(await house.logIn(honest)).toMatchObject({ place: '/', session: expect.any(String) });
  const accounts = await house.access.accounts.list({ limit: 10 });
  const sessions = await house.store.db.selectFrom('sessions').selectAll().execute();
  const old = String(honest('an-older-login'));
  const all = [
    ...[...unsigned(), ...confused(), ...strange(), ...misdirected(), ...shapes(), ...edited(), ...bent(1_500)],
    ['the token of an older login', () => old] as const,
  ];
  const wrong: string[] = [];
  const places = new Map<string, number>();
  for (const [name, make] of all) {
    const { place, session } = await house.logIn(make);
    places.set(place, (places.get(place) ?? 0) + 1);
    if (place !== '/#login-OIDC_REFUSED' || session !== undefined) wrong.push(`${name}: ${place}`);
  }
  console.log(`T34: ${all.length} forged identity tokens of ${new Set(all.map(([name]) => name)).size} kinds:`, places);
  expect(wrong).toEqual([]);
  expect(all.length).toBeGreaterThan(1_500);
  expect(forging.strayed).toEqual([]);
  expect(await house.access.accounts.list({ limit: 10 })).toEqual(accounts);
  expect(await house.store.db.selectFrom('sessions').selectAll().execute()).toEqual(sessions);
  const logins = (await ledgerOf(house.store)).filter(({ action }) => action === 'login');
  expect(logins).toHaveLength(1);
  expect(await house.logIn(honest)).toMatchObject({ place: '/' });
});
