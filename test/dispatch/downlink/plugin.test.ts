import { expect, test } from 'vitest';
import { downlinkPlugin } from '../../../src/dispatch/downlink/plugin.ts';
import { openHouse, temporaryStore } from '../../helpers/access-house.ts';
import { startDownlink } from './rig.ts';

const url = '/units/xun7/messages';
const at = new Date('2026-11-21T02:47:00Z');

/** The routes behind the real gate. */
async function openDesk() {
  await using opened = new AsyncDisposableStack();
  const { store } = opened.use(await temporaryStore());
  const rig = opened.use(await startDownlink(store));
  const { board: units, downlink } = rig;
  const house = opened.use(
    await openHouse({
      routes: (app, { actorOf }) => void app.register(downlinkPlugin, { units, downlink, actorOf }),
    }),
  );
  const seat = await house.login('seat');
  const post = (payload: object, headers: object = {}) =>
    house.app.inject({ method: 'POST', url, payload, headers: { ...seat, ...headers } });
  const get = async (path = '') => (await house.app.inject({ url: `${url}${path}`, headers: seat })).json();
  const left = opened.move();
  return { house, rig, post, get, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

test('a seat writes to a unit and sees what becomes of it, newest first', async () => {
  await using desk = await openDesk();
  const answer = await desk.post({ title: '前往 K1432+300', text: '行人', place: '下行', lat: 27.3, lon: 105.29 });
  expect(answer.statusCode).toBe(201);
  const message = answer.json();
  expect(message).toMatchObject({ unit: 'xun7', state: 'queued', by: 'seat', tries: 0, text: '行人', lat: 27.3 });
  await desk.post({ title: '又', expiresInSeconds: 60 });
  await desk.rig.downlink.receipt({ device: 'xun7', assignment: message.id, state: 'read', at });
  const { items } = await desk.get();
  expect(items).toMatchObject([
    { title: '又', state: 'queued' },
    { title: '前往 K1432+300', state: 'read', times: { queued: message.at, read: at.toISOString() } },
  ]);
  const first = await desk.get('?limit=1');
  expect(first.items).toMatchObject([{ title: '又' }]);
  const second = await desk.get(`?limit=1&cursor=${first.next}`);
  expect(second.items).toMatchObject([{ id: message.id }]);
  expect(await desk.get(`?limit=1&cursor=${second.next}`)).toEqual({ items: [] });
});

test('only seats write, and only seats and reviewers read', async () => {
  await using desk = await openDesk();
  const { house } = desk;
  const statuses = async (method: 'GET' | 'POST') => {
    const roles = ['viewer', 'seat', 'patrol', 'reviewer', 'engineer', 'admin'] as const;
    const payload = method === 'POST' ? { payload: { title: '前往' } } : {};
    const answers = await Promise.all(
      roles.map(
        async (role) => await house.app.inject({ method, url, ...payload, headers: await house.login(role, role) }),
      ),
    );
    return answers.map(({ statusCode }) => statusCode);
  };
  expect(await statuses('POST')).toEqual([403, 201, 403, 403, 403, 201]);
  expect(await statuses('GET')).toEqual([403, 200, 403, 200, 403, 200]);
  expect((await house.app.inject({ method: 'POST', url, payload: { title: '前往' } })).statusCode).toBe(401);
});

test('the same Idempotency-Key is the same message and the same answer', async () => {
  await using desk = await openDesk();
  const key = { 'idempotency-key': '7c1f' };
  const first = await desk.post({ title: '前往' }, key);
  await desk.rig.downlink.receipt({ device: 'xun7', assignment: first.json().id, state: 'accepted', at });
  const again = await desk.post({ title: '前往' }, key);
  expect([again.statusCode, again.json()]).toEqual([201, first.json()]);
  expect((await desk.post({ title: '别处' }, key)).json()).toMatchObject({
    status: 422,
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  expect((await desk.get()).items).toHaveLength(1);
});

test.each([
  ['no title', {}],
  ['a title of nothing', { title: '' }],
  ['a title with a control character', { title: 'a\u0007b' }],
  ['a title too long', { title: 'x'.repeat(101) }],
  ['a text too long', { title: 'a', text: 'x'.repeat(1_001) }],
  ['a place off the Earth', { title: 'a', lat: 91, lon: 0 }],
  ['half a place', { title: 'a', lat: 27 }],
  ['a life of a second', { title: 'a', expiresInSeconds: 1 }],
  ['a life of a week', { title: 'a', expiresInSeconds: 604_800 }],
  ['an unknown field', { title: 'a', urgent: true }],
])('%s is refused, and nothing is kept of it', async (_, payload) => {
  await using desk = await openDesk();
  expect((await desk.post(payload)).statusCode).toBe(400);
  expect(await desk.get()).toEqual({ items: [] });
});

test('a key that is not printable is refused', async () => {
  await using desk = await openDesk();
  expect((await desk.post({ title: 'a' }, { 'idempotency-key': 'x'.repeat(129) })).statusCode).toBe(400);
});
