import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Access } from '../../src/access/access.ts';
import { systemActor } from '../../src/shared/actor.ts';
import { openStore } from '../../src/store/store.ts';
import { cheapHash, goodPassword, ledgerOf, openHouse } from '../helpers/access-house.ts';

const routes = {
  routes: (app) => {
    app.get('/any', { config: { access: 'any' } }, async () => 'any');
    app.get('/seats', { config: { access: ['seat'] } }, async () => 'seats');
    app.get('/api/v1/cameras/:id/clip.mp4', { config: { access: ['reviewer'] } }, async () => 'clip');
  },
} satisfies Parameters<typeof openHouse>[0];

async function openWithToken(
  role: 'viewer' | 'seat' | 'reviewer' = 'viewer',
  options: Parameters<typeof openHouse>[0] = {},
) {
  const house = await openHouse({ ...routes, ...options });
  const admin = await house.login('admin', 'admin');
  const owner = await house.access.accounts.add(
    { name: 'bot', role: role === 'viewer' ? 'seat' : role, areas: 'all', password: goodPassword },
    systemActor,
  );
  const url = `/api/v1/accounts/${owner.id}/tokens`;
  const add = (payload: object) => house.app.inject({ method: 'POST', url, headers: admin, payload });
  const given = (await add({ name: 'prometheus', role, areas: 'all' })).json();
  const get = async (path: string) =>
    (await house.app.inject({ url: path, headers: { authorization: `Bearer ${given.token}` } })).statusCode;
  return { ...house, admin, owner, url, add, given, get };
}

test('a token opens what its role may, under its own name, and is stored as a hash only', async () => {
  await using house = await openWithToken();
  expect(house.given.token).toMatch(/^tianliang\.[\w-]{43}$/);
  expect(await Promise.all(['/any', '/seats', '/api/v1/auth/me', '/metrics'].map(house.get))).toEqual([
    200, 403, 200, 200,
  ]);
  const rows = JSON.stringify(await house.store.db.selectFrom('api_tokens').selectAll().execute());
  expect(rows).not.toContain(house.given.token);
  const { items } = (await house.app.inject({ url: house.url, headers: house.admin })).json();
  expect(items).toMatchObject([{ name: 'prometheus', role: 'viewer', areas: 'all' }]);
  expect(items[0].lastUsedAt).toBeTruthy();
  expect(JSON.stringify(items)).not.toContain('token');
  await house.access.close();
  const deeds = await ledgerOf(house.store);
  expect(deeds.filter(({ action }) => action === 'token.add')).toMatchObject([{ actor: 'admin', object: 'bot' }]);
  expect(deeds.find(({ result }) => result === 'denied')).toMatchObject({ actor: 'bot/prometheus' });
});

test('no token is good for accounts, credentials or what leaves the house', async () => {
  await using house = await openWithToken('reviewer');
  const closed = ['/api/v1/accounts', house.url, '/api/v1/cameras/k1/clip.mp4'];
  expect(await Promise.all(closed.map(house.get))).toEqual([403, 403, 403]);
  expect(await house.get('/api/v1/ledger')).toBe(200);
});

test.each([
  ['admin', { role: 'admin' }, 400],
  ['more than its account', { role: 'engineer' }, 400],
  ['longer than a year', { days: 366 }, 400],
  ['a year', { days: 365 }, 201],
  ['a name of two lines', { name: 'a\nb' }, 400],
])('a token that is %s: %s', async (...[, wish, expected]) => {
  await using house = await openWithToken();
  const answer = await house.add({ name: 'one', role: 'viewer', areas: 'all', ...wish });
  expect(answer.statusCode).toBe(expected);
});

test('a revoked token is told of at once, an expired one is nobody', async () => {
  let now = new Date();
  await using house = await openWithToken('viewer', { access: { now: () => now } });
  expect(await house.get('/any')).toBe(200);
  const told: string[] = [];
  house.access.sessionEnded(({ reason }) => told.push(reason));
  const revoke = { method: 'POST', url: `${house.url}/${house.given.id}/revoke`, headers: house.admin } as const;
  expect((await house.app.inject(revoke)).statusCode).toBe(204);
  expect([told, await house.get('/any')]).toEqual([['revoked'], 401]);
  expect((await house.app.inject(revoke)).json().code).toBe('UNKNOWN_TOKEN');
  const other = (await house.add({ name: 'short', role: 'viewer', areas: 'all', days: 1 })).json();
  expect(await house.access.authenticate(other.token)).toBeTruthy();
  now = new Date(now.getTime() + 86_400_001);
  expect(await house.access.authenticate(other.token)).toBe(undefined);
  await house.access.tokens.sweep();
  expect(told).toEqual(['revoked', 'expired']);
});

test('what another process revokes is found by the next sweep; so is a disabled account', async () => {
  await using house = await openWithToken();
  expect(await house.get('/any')).toBe(200);
  const told = once(house.access.sessions, 'ended', { signal: AbortSignal.timeout(10_000) });
  await using file = await openStore(house.path);
  await using other = new Access({ store: file, hashCost: cheapHash });
  await other.accounts.edit(house.owner.id, { disabled: true }, systemActor);
  expect(await told).toMatchObject([{ account: house.owner.id, reason: 'disabled' }]);
  expect(await house.get('/any')).toBe(401);
});

test('a role cut of the account takes its tokens along', async () => {
  await using house = await openWithToken();
  await house.access.accounts.edit(house.owner.id, { areas: ['west'] }, systemActor);
  expect(await house.get('/any')).toBe(401);
  const { items } = (await house.app.inject({ url: house.url, headers: house.admin })).json();
  expect(items[0].revokedAt).toBeTruthy();
});
