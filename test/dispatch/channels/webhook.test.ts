import { expect, test } from 'vitest';
import { Channels, type ChannelsOptions } from '../../../src/dispatch/channels/channels.ts';
import type { WebhookConfig } from '../../../src/dispatch/channels/config.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { fog, openDesk, seat } from '../../alerts/alert-fixtures.ts';
import { answer, startReceiver, webhookTo } from './receiver.ts';

const quick = { backoff: { baseMs: 5, maxMs: 20 } };

/** A desk whose alerts are told to the channels. */
async function openTold(config: readonly WebhookConfig[], limits: ChannelsOptions['limits'] = {}) {
  const world = await openDesk();
  const open = async () => {
    const channels = new Channels({
      config,
      store: world.store,
      dataDir: world.path,
      log: silentLog,
      limits: { ...quick, ...limits },
    });
    world.desk.on('changed', () => channels.wake());
    await channels.start();
    return channels;
  };
  const raise = (n: number, changes: Parameters<typeof fog>[0] = {}) =>
    world.desk.observe(
      fog({ key: `fog:${n}`, sensor: `ws${n}`, position: { lat: 27 + n / 10, lon: 105 }, at: new Date(), ...changes }),
    );
  return { ...world, open, raise, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

test('a receiver is told of an alert in signed JSON, and of what became of it, in order', async () => {
  await using receiver = await startReceiver();
  await using world = await openTold([webhookTo(receiver.url)]);
  await using channels = await world.open();
  await channels.waiting();
  const raised = await world.raise(1);
  await receiver.until(({ length }) => length === 1);
  await world.desk.acknowledge(raised.id, seat);
  await receiver.until(({ length }) => length === 2);
  expect(receiver.received).toMatchObject([
    { isSigned: true, body: { type: 'alert.changed', seq: raised.seq, data: { id: raised.id, state: 'raised' } } },
    { isSigned: true, body: { data: { id: raised.id, state: 'acknowledged' } } },
  ]);
  const [first] = receiver.received;
  expect(first?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': `notice-${raised.seq}` });
  expect(Math.abs(Number(first?.headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
});

test('T15: a receiver that answers 500 is told once it works again: of each alert its latest state, once', async () => {
  await using receiver = await startReceiver(answer(500));
  await using world = await openTold([webhookTo(receiver.url)]);
  await using channels = await world.open();
  await channels.waiting();
  const alerts = await Promise.all([1, 2, 3].map((n) => world.raise(n)));
  await world.desk.acknowledge(alerts[0]?.id ?? '', seat);
  await world.desk.confirm(alerts[0]?.id ?? '', seat);
  await receiver.until(({ length }) => length >= 5);
  expect(channels.health()).toEqual([{ name: 'channel ops', status: 'waiting' }]);
  receiver.answers(answer(200));
  await receiver.until(() => receiver.taken().length >= 3);
  await expect.poll(() => channels.waiting(), { timeout: 20_000 }).toEqual({ ops: 0 });
  const told = receiver.taken().map(({ body }) => `${body.data.id} ${body.data.state}`);
  expect(told.toSorted()).toEqual(
    [`${alerts[0]?.id} confirmed`, `${alerts[1]?.id} raised`, `${alerts[2]?.id} raised`].toSorted(),
  );
  expect(receiver.taken().map(({ body }) => body.seq)).toEqual(
    receiver
      .taken()
      .map(({ body }) => body.seq)
      .toSorted((a, b) => a - b),
  );
});

test('a notice that failed is sent again under the same id', async () => {
  await using receiver = await startReceiver((response, count) => answer(count < 3 ? 503 : 200)(response, count));
  await using world = await openTold([webhookTo(receiver.url)]);
  await using channels = await world.open();
  await channels.waiting();
  await world.raise(1);
  await receiver.until(() => receiver.taken().length === 1);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  await expect.poll(() => channels.counts(), { timeout: 20_000 }).toMatchObject({ told: 1, failed: 2 });
});

test('a receiver that hangs is given up after the deadline and asked again', async () => {
  await using receiver = await startReceiver((response, count) =>
    count === 1 ? undefined : answer(200)(response, count),
  );
  await using world = await openTold([webhookTo(receiver.url)], { deadlineMs: 200 });
  await using channels = await world.open();
  await channels.waiting();
  await world.raise(1);
  await receiver.until(({ length }) => length === 2);
  expect(channels.counts().failed).toBe(1);
});

test('T38: a redirect is a failure: where it leads is never asked', async () => {
  await using inner = await startReceiver();
  await using receiver = await startReceiver((response) => void response.writeHead(307, { location: inner.url }).end());
  await using world = await openTold([webhookTo(receiver.url)]);
  await using channels = await world.open();
  await channels.waiting();
  await world.raise(1);
  await receiver.until(({ length }) => length >= 3);
  expect(inner.received).toEqual([]);
  expect(channels.health()).toEqual([{ name: 'channel ops', status: 'waiting' }]);
});

test.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])(
  'T38: %s is not asked unless its network is allowed',
  async (host) => {
    await using receiver = await startReceiver();
    const url = receiver.url.replace('127.0.0.1', host);
    await using world = await openTold([webhookTo(url, { allow: [] })]);
    await using channels = await world.open();
    await channels.waiting();
    await world.raise(1);
    await expect.poll(() => channels.counts().failed, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(receiver.received).toEqual([]);
  },
);

test('410 stops the channel and no other', async () => {
  await using gone = await startReceiver(answer(410));
  await using well = await startReceiver();
  await using world = await openTold([webhookTo(gone.url), webhookTo(well.url, { id: 'other' })]);
  await using channels = await world.open();
  await channels.waiting();
  await world.raise(1);
  await world.raise(2);
  await well.until(({ length }) => length >= 2);
  await expect.poll(() => channels.counts().stopped, { timeout: 20_000 }).toBe(1);
  await world.raise(3);
  await well.until(({ length }) => length >= 3);
  expect(gone.received).toHaveLength(1);
  expect(channels.health()).toEqual([
    { name: 'channel ops', status: 'stopped' },
    { name: 'channel other', status: 'ok' },
  ]);
});

test('what waited when the house closed is told after it opened again, and nothing of it twice', async () => {
  await using receiver = await startReceiver();
  await using world = await openTold([webhookTo(receiver.url)]);
  {
    await using channels = await world.open();
    await channels.waiting();
    await world.raise(1);
    await receiver.until(({ length }) => length === 1);
    receiver.answers(answer(500));
    await world.raise(2);
    await receiver.until(({ length }) => length >= 2);
  }
  receiver.answers(answer(200));
  await using _again = await world.open();
  await receiver.until(() => receiver.taken().length === 2);
  expect(new Set(receiver.taken().map(({ body }) => body.data.id)).size).toBe(2);
});

test('a channel is told of what is urgent enough in its areas, and never of the past', async () => {
  await using receiver = await startReceiver();
  await using world = await openTold([webhookTo(receiver.url, { severity: 'major', areas: ['north'] })]);
  await world.raise(0, { severity: 'critical' });
  await using channels = await world.open();
  await channels.waiting();
  await world.raise(1, { severity: 'minor' });
  await world.raise(2, { severity: 'major', area: 'south' });
  const { id } = await world.raise(3, { severity: 'major', area: 'north' });
  const placeless = await world.raise(4, { severity: 'critical', area: undefined });
  await receiver.until(({ length }) => length === 2);
  expect(receiver.received.map(({ body }) => body.data.id)).toEqual([id, placeless.id]);
});

test('a receiver too far behind loses the oldest notices, and is told how many', async () => {
  await using receiver = await startReceiver(answer(500));
  await using world = await openTold([webhookTo(receiver.url)], { mostWaiting: 3 });
  await using channels = await world.open();
  await channels.waiting();
  const raised = [];
  for (let n = 0; n < 8; n += 1) raised.push(await world.raise(n));
  await expect.poll(() => channels.counts().dropped, { timeout: 20_000 }).toBe(5);
  receiver.answers(answer(200));
  await receiver.until(() => receiver.taken().length === 3);
  expect(receiver.taken().map(({ body }) => body.data.id)).toEqual(raised.slice(5).map(({ id }) => id));
  expect(receiver.taken().reduce((sum, { body }) => sum + (body.missed ?? 0), 0)).toBe(5);
});
