import { expect, test } from 'vitest';
import { decideAccess, isPersonal } from '../../src/access/route-access.ts';
import { systemActor } from '../../src/shared/actor.ts';
import type { House } from '../helpers/access-house.ts';
import { goodPassword, ledgerOf, openHouse } from '../helpers/access-house.ts';
import { exampleUrl, undeclaredRoutes } from './route-matrix.ts';

const ownRoutes = {
  routes: (app, access) => {
    app.get('/open', { config: { access: 'public' } }, async () => 'open');
    app.get('/any', { config: { access: 'any' } }, async (request) => access.actorOf(request).name);
    app.get('/seats', { config: { access: ['seat'] } }, async () => 'seats');
    app.post('/seats', { config: { access: ['seat'] } }, async () => 'done');
    app.get('/stream', { config: { access: 'ticket' } }, async () => 'stream');
  },
} satisfies Parameters<typeof openHouse>[0];

const status = async (house: House, url: string, headers = {}) => (await house.app.inject({ url, headers })).statusCode;

test('each route lets in whom it names, and admin', async () => {
  await using house = await openHouse(ownRoutes);
  const seat = await house.login('seat');
  const viewer = await house.login('viewer', 'viewer');
  const admin = await house.login('admin', 'admin');
  const tried = async (headers: object) =>
    await Promise.all(['/open', '/any', '/seats', '/stream'].map((url) => status(house, url, headers)));

  expect(await tried({})).toEqual([200, 401, 401, 401]);
  expect(await tried(viewer)).toEqual([200, 200, 403, 200]);
  expect(await tried(seat)).toEqual([200, 200, 200, 200]);
  expect(await tried(admin)).toEqual([200, 200, 200, 200]);
  expect(await status(house, '/stream?ticket=x')).toBe(200);
  expect(await status(house, '/any?ticket=x')).toBe(401);
  expect(await status(house, '/nowhere')).toBe(404);
});

test('every route of the house declares its access, and none but the declared public ones answers a stranger', async () => {
  await using house = await openHouse();
  expect(undeclaredRoutes(house.routes)).toEqual([]);
  const wrong: string[] = [];
  for (const route of house.routes.filter(({ access }) => access !== 'public')) {
    const { statusCode } = await house.app.inject({ method: route.method as 'GET', url: exampleUrl(route) });
    if (statusCode !== 401) wrong.push(`${route.method} ${route.url} ${statusCode}`);
  }
  expect(wrong).toEqual([]);
  const open = house.routes.filter(({ access }) => access === 'public').map(({ url }) => url);
  expect([...new Set(open)].sort()).toEqual(['/', '/api/v1/auth/login', '/api/v1/auth/methods', '/healthz', '/readyz']);
});

test('the house does not open with a route that declares nothing, and names it', async () => {
  const forgotten = { routes: (app) => void app.get('/forgotten', async () => '') } satisfies typeof ownRoutes;
  await expect(openHouse(forgotten)).rejects.toThrow('GET /forgotten, HEAD /forgotten');
});

test('what declares nothing would be closed to all, admin too', () => {
  const admin = { id: 'a', name: 'a', role: 'admin', areas: 'all' } as const;
  expect(decideAccess(undefined, admin, { hasTicket: true, personal: false, wholeSite: false })).toBe('undeclared');
});

test('a forged, foreign or spent credential is 401: JWTs of any algorithm, a ticket as a session, a session as a ticket', async () => {
  await using house = await openHouse(ownRoutes);
  const { token } = await house.login('seat');
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = part({ sub: 'seat', role: 'admin', exp: 4_000_000_000 });
  const actor = await house.access.authenticate(token);
  const { ticket } = await house.access.issueTicket(actor as never, 'k1429-800');
  const forged = [
    `${part({ alg: 'none' })}.${claims}.`,
    `${part({ alg: 'HS256', kid: '../../dev/null' })}.${claims}.AAAA`,
    ticket,
    token.slice(0, -1),
    `${token}x`,
    '',
    "' OR 1=1 --",
  ];
  for (const text of forged) expect(await status(house, '/any', { authorization: `Bearer ${text}` })).toBe(401);
  expect(await status(house, '/any', { authorization: `Basic ${token}` })).toBe(401);
  expect(await status(house, '/any', { cookie: `__Host-tianliang=${token}`, host: '127.0.0.1' })).toBe(401);
  expect(house.access.redeemTicket(token, 'k1429-800')).toBe(undefined);
});

test('a wrong bearer is not rescued by a good cookie', async () => {
  await using house = await openHouse(ownRoutes);
  const { token } = await house.login('seat');
  const cookie = `tianliang=${token}`;
  expect(await status(house, '/any', { cookie })).toBe(200);
  expect(await status(house, '/any', { cookie, authorization: 'Bearer no' })).toBe(401);
});

test('a cookie changes something only from its own page and as JSON', async () => {
  await using house = await openHouse(ownRoutes);
  const { token } = await house.login('seat');
  const post = async (headers: Record<string, string>, payload?: string) => {
    const all = { host: '127.0.0.1:8080', cookie: `tianliang=${token}`, ...headers };
    const answer = await house.app.inject({ method: 'POST', url: '/seats', headers: all, ...(payload && { payload }) });
    return answer.statusCode;
  };
  const origin = 'http://127.0.0.1:8080';
  expect(await post({ origin })).toBe(200);
  expect(await post({ 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await post({ origin, 'content-type': 'application/json' }, '{}')).toBe(200);
  expect(await post({})).toBe(403);
  expect(await post({ origin: 'null' })).toBe(403);
  expect(await post({ origin: 'http://127.0.0.1:9999' })).toBe(403);
  expect(await post({ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' })).toBe(403);
  expect(await post({ 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await post({ 'sec-fetch-site': 'none' })).toBe(403);
  expect(await post({ origin, 'content-type': 'text/plain' }, '{}')).toBe(415);
  expect(await post({ origin, 'content-type': 'application/x-www-form-urlencoded' }, 'a=b')).toBe(415);
  expect(await post({ origin: 'https://evil.example', authorization: `Bearer ${token}` })).toBe(200);
});

test('denied decisions are in the ledger: the first at once, a thousand more as one row', async () => {
  await using house = await openHouse({ ...ownRoutes, access: { denialsEveryMs: 3_600_000 } });
  const viewer = await house.login('viewer', 'viewer');
  for (let i = 0; i < 50; i += 1) await house.app.inject({ url: '/seats?canary=secret', headers: viewer });
  await house.access.close();
  const denied = (await ledgerOf(house.store)).filter(({ result }) => result === 'denied');
  const row = { actor: 'viewer', action: 'GET /seats', object: '/seats', result: 'denied' };
  const details = { reason: 'forbidden' };
  expect(denied).toEqual([
    { ...row, details },
    { ...row, details: { ...details, count: 49 } },
  ]);
  const addresses = house.store.db.selectFrom('ledger').select('address').where('result', '=', 'denied');
  expect(await addresses.execute()).toEqual([{ address: '127.0.0.1' }, { address: '127.0.0.1' }]);
});

test('an auditor gets in where it is named and nowhere else', async () => {
  await using house = await openHouse({
    routes: (app, access) => {
      ownRoutes.routes(app, access);
      app.get('/books', { config: { access: ['auditor'] } }, async () => 'books');
    },
  });
  const auditor = await house.login('auditor', 'auditor');
  const tried = ['/open', '/any', '/seats', '/stream', '/metrics', '/openapi.json', '/books', '/api/v1/ledger'];
  expect(await Promise.all(tried.map((url) => status(house, url, auditor)))).toEqual([
    200, 403, 403, 403, 403, 403, 200, 200,
  ]);
  expect(await status(house, '/api/v1/auth/me', auditor)).toBe(200);
});

test.each([
  ['/api/v1/accounts', true],
  ['/api/v1/accounts/:id/tokens', true],
  ['/api/v1/auth/totp', true],
  ['/api/v1/auth/me', false],
  ['/api/v1/cameras/:id/clip.mp4', true],
  ['/api/v1/evidence/:id/package.zip', true],
  ['/api/v1/alerts/:id/evidence', true],
  ['/api/v1/alerts', false],
  ['/streams/:id.flv', false],
])('%s is for people only: %s', (url, personal) => {
  expect(isPersonal(url)).toBe(personal);
});

test('what concerns all areas is refused to an account that has some of them', async () => {
  await using house = await openHouse();
  const admin = { name: 'west', role: 'admin', areas: ['west'], password: goodPassword } as const;
  await house.access.accounts.add(admin, systemActor);
  const west = await house.login('west');
  for (const url of ['/metrics', '/api/v1/ledger', '/api/v1/ledger/verify', '/api/v1/accounts']) {
    const answer = await house.app.inject({ url, headers: west });
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, 403, 'WHOLE_SITE_ONLY']);
  }
  expect(await status(house, '/api/v1/auth/me', west)).toBe(200);
});
