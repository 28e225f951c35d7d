import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { Accounts } from '../../../../src/access/accounts.ts';
import { PasswordKeeper } from '../../../../src/access/password-keeper.ts';
import { Sessions } from '../../../../src/access/sessions.ts';
import { Channels } from '../../../../src/dispatch/channels/channels.ts';
import type { WebPush } from '../../../../src/dispatch/channels/push/web-push.ts';
import { type Role, systemActor } from '../../../../src/shared/actor.ts';
import { silentLog } from '../../../../src/shared/log.ts';
import { fog } from '../../../alerts/alert-fixtures.ts';
import { cheapHash, goodPassword } from '../../../helpers/access-house.ts';
import { deedsOn, manhole, openLoop, seat } from '../../incidents/incident-fixtures.ts';
import { startPushService } from './browser.ts';

/** The loop with real accounts, whose browsers are told through a real push service. */
async function openPhones() {
  const service = await startPushService();
  const loop = await openLoop();
  const { store, alertDesk } = loop;
  const passwords = new PasswordKeeper(cheapHash);
  const sessions = new Sessions({ store, log: silentLog, now: () => new Date(), factorRoles: [] });
  const accounts = new Accounts({ store, passwords, sessions });
  const channels = new Channels({
    config: [
      {
        id: 'phones',
        kind: 'push',
        subject: 'mailto:ops@example.org',
        services: [service.host],
        allow: ['127.0.0.0/8'],
      },
    ],
    store,
    dataDir: dirname(loop.path),
    log: silentLog,
    limits: { ca: service.ca, backoff: { baseMs: 5, maxMs: 20 } },
  });
  alertDesk.on('changed', () => channels.wake());
  loop.records.on('changed', () => channels.wake());
  await channels.start();
  await channels.waiting();
  const push: WebPush = channels.push ?? expect.fail();
  const phone = async (name: string, role: Role, rights: { unit?: string; areas?: readonly string[] } = {}) => {
    const account = await accounts.add({ name, role, areas: 'all', password: goodPassword, ...rights }, systemActor);
    const browser = service.browser(name);
    await push.subscribe(browser.subscription, account);
    return { account, ...browser };
  };
  const raise = (changes: Parameters<typeof fog>[0] = {}) => alertDesk.observe(fog({ at: new Date(), ...changes }));
  const end = async () => {
    await channels.close();
    await loop[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  };
  return { ...loop, accounts, channels, push, service, phone, raise, [Symbol.asyncDispose]: end };
}

test('a patrol is told of its own assignment once: its title and its place, sealed for its browser', async () => {
  await using world = await openPhones();
  const own = await world.phone('xun7', 'patrol', { unit: 'xun7' });
  await world.phone('lu6', 'patrol', { unit: 'lu6' });
  const { id } = await world.desk.open(manhole({ place: '学府路口' }), { actor: seat });
  const sent = await world.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  await world.desk.decide(id, { type: 'explain', reason: '路堵' }, { actor: seat });
  await world.service.until(1);
  await expect.poll(() => world.channels.waiting(), { timeout: 20_000 }).toEqual({ phones: 0 });
  const [assignment] = sent.assignments;
  expect(world.service.pushed.map(({ path }) => path)).toEqual(['/push/xun7']);
  const [pushed] = world.service.pushed;
  expect(own.open(pushed?.body ?? expect.fail())).toEqual({
    tag: `assignment:${assignment?.id}`,
    kind: 'assignment',
    id: assignment?.id,
    title: '井盖缺失',
    place: '学府路口',
  });
  expect(pushed?.headers).toMatchObject({ ttl: '3600', urgency: 'high', 'content-encoding': 'aes128gcm' });
  expect(pushed?.headers.authorization).toMatch(/^vapid t=/);
});

test('a seat is told of untaken major and critical alerts of its areas', async () => {
  await using world = await openPhones();
  await world.phone('north', 'seat', { areas: ['north'] });
  await world.phone('south', 'seat', { areas: ['south'] });
  await world.phone('viewer', 'viewer');
  await world.raise({ severity: 'minor' });
  const { id } = await world.raise({ key: 'person', kind: 'person-on-road', severity: 'critical', sensor: undefined });
  await world.service.until(1);
  await expect.poll(() => world.channels.waiting(), { timeout: 20_000 }).toEqual({ phones: 0 });
  expect(world.service.pushed.map(({ path }) => path)).toEqual(['/push/north']);
  const letters = await world.store.db.selectFrom('push_letters').select('tag').execute();
  expect(letters).toEqual([{ tag: `alert:${id}` }]);
});

test('a push service that fails is asked again; an alert that is taken meanwhile is not told any more', async () => {
  await using world = await openPhones();
  await world.phone('north', 'seat');
  world.service.answers(503);
  const { id } = await world.raise({ severity: 'major' });
  await world.service.until(1);
  await world.alertDesk.acknowledge(id, seat);
  const due = () => world.store.db.selectFrom('push_letters').select('id').where('due_at', 'is not', null).execute();
  await expect.poll(due, { timeout: 20_000 }).toEqual([]);
  world.service.answers(201);
  const other = await world.raise({ key: 'wind', kind: 'strong-wind', severity: 'major', sensor: 'ws09' });
  await expect.poll(() => world.push.counts().sent, { timeout: 20_000 }).toBe(1);
  const sent = world.service.pushed.filter(({ status }) => status === 201);
  expect(sent).toHaveLength(1);
  expect(other.id).not.toBe(id);
});

test.each([404, 410])('a browser that its service answers %d for is forgotten', async (status) => {
  await using world = await openPhones();
  await world.phone('north', 'seat');
  world.service.answers(status);
  await world.raise({ severity: 'major' });
  await expect.poll(() => world.push.counts().ended, { timeout: 20_000 }).toBe(1);
  expect(await world.store.db.selectFrom('push_subscriptions').select('id').execute()).toEqual([]);
});

test('a disabled account is told nothing, and its browsers are forgotten', async () => {
  await using world = await openPhones();
  const { account } = await world.phone('north', 'seat');
  await world.phone('other', 'seat');
  await world.accounts.edit(account.id, { disabled: true }, systemActor);
  await world.raise({ severity: 'major' });
  await world.service.until(1);
  expect(world.service.pushed.map(({ path }) => path)).toEqual(['/push/other']);
  const left = await world.store.db.selectFrom('push_subscriptions').select('account').execute();
  expect(left.map(({ account: of }) => of)).not.toContain(account.id);
});

test('only browsers of listed push services subscribe, and an account has ten at most', async () => {
  await using world = await openPhones();
  const { account, subscription } = await world.phone('north', 'seat');
  for (const endpoint of [
    'https://169.254.169.254/x',
    'https://fcm.googleapis.com.evil.example/x',
    'http://localhost/x',
  ])
    await expect(world.push.subscribe({ ...subscription, endpoint }, account)).rejects.toMatchObject({
      code: 'PUSH_SERVICE_UNKNOWN',
    });
  const keys = { ...subscription.keys, p256dh: 'B'.padEnd(87, 'A') };
  await expect(world.push.subscribe({ ...subscription, keys }, account)).rejects.toMatchObject({
    code: 'PUSH_KEYS_REFUSED',
  });
  for (let n = 0; n < 12; n += 1) await world.push.subscribe(world.service.browser(`more-${n}`).subscription, account);
  expect(await world.store.db.selectFrom('push_subscriptions').select('id').execute()).toHaveLength(10);
});

test('to subscribe and to end it stand in the ledger, without the address of the browser', async () => {
  await using world = await openPhones();
  const { account, subscription } = await world.phone('north', 'seat');
  const [row] = await world.store.db.selectFrom('push_subscriptions').select('id').execute();
  expect(await deedsOn(world.store, row?.id ?? '')).toEqual(['push.subscribe']);
  await world.push.unsubscribe(subscription.endpoint, { ...account, id: 'somebody-else' });
  expect(await world.store.db.selectFrom('push_subscriptions').select('id').execute()).toHaveLength(1);
  await world.push.unsubscribe(subscription.endpoint, account);
  expect(await world.store.db.selectFrom('push_subscriptions').select('id').execute()).toEqual([]);
  const rows = await world.store.db.selectFrom('ledger').select('details').where('action', 'like', 'push.%').execute();
  expect(JSON.stringify(rows)).not.toContain('/push/');
});

test('the keys are made once, and nobody else may read them', async () => {
  await using world = await openPhones();
  const key = await world.push.key();
  const file = join(dirname(world.path), 'push-keys.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const again = new Channels({
    config: [{ id: 'phones', kind: 'push', subject: 'mailto:a@b.example', services: ['a.example'], allow: [] }],
    store: world.store,
    dataDir: dirname(world.path),
    log: silentLog,
  });
  expect(await again.push?.key()).toBe(key);
});
