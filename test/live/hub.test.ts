import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MemoryLog, openSeat, startLive } from './live-fixtures.ts';

const alertsOnly = { topics: ['alerts'] };

test('a seat is greeted, gets a snapshot, then each event with its seq', async () => {
  const log = new MemoryLog();
  log.append();
  await using live = await startLive({ log, snapshot: { alerts: async () => [{ id: 'a1' }] } });
  await using seat = await openSeat(live.url);
  seat.subscribe(alertsOnly);
  await seat.until(() => seat.of('snapshot').length === 1);
  live.hub.publish(log.append({ title: '能见度 180 m' }));
  await seat.until(() => seat.seqs.length === 1);
  expect(seat.messages).toMatchObject([
    { type: 'hello', seq: 1 },
    { type: 'snapshot', topic: 'alerts', items: [{ id: 'a1' }], seq: 1 },
    { type: 'event', topic: 'alerts', seq: 2, data: { id: 'a2', title: '能见度 180 m' } },
  ]);
});

test('nobody without an account gets as far as the upgrade', async () => {
  await using live = await startLive();
  const socket = new WebSocket(`${live.url}/ws`);
  const [error] = await once(socket, 'error');
  expect(String(error)).toContain('401');
  expect(live.hub.counts().seats).toBe(0);
});

test('a seat that resumes is told what it missed in order, each once, and no snapshot', async () => {
  const log = new MemoryLog();
  for (let n = 0; n < 1_200; n += 1) log.append();
  await using live = await startLive({ log, snapshot: { alerts: async () => [{ id: 'never' }] } });
  await using seat = await openSeat(live.url);
  seat.subscribe({ ...alertsOnly, since: 100 });
  // Events go on while the seat is being brought up to date.
  for (let n = 0; n < 300; n += 1) {
    live.hub.publish(log.append());
    if (n % 10 === 0) await new Promise(setImmediate);
  }
  await seat.until(() => seat.seqs.length >= 1_400);
  expect(seat.seqs).toEqual(Array.from({ length: 1_400 }, (_, n) => 101 + n));
  expect(seat.of('snapshot')).toEqual([]);
});

test('between a snapshot and what follows no event is lost', async () => {
  const log = new MemoryLog();
  log.append();
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const alerts = async () => {
    asked.resolve();
    await release.promise;
    return [{ id: 'a1' }];
  };
  await using live = await startLive({ log, snapshot: { alerts } });
  await using seat = await openSeat(live.url);
  seat.subscribe(alertsOnly);
  await asked.promise;
  live.hub.publish(log.append());
  live.hub.publish(log.append());
  release.resolve();
  await seat.until(() => seat.seqs.length === 2);
  expect(seat.messages.map(({ type, seq }) => [type, seq])).toEqual([
    ['hello', 1],
    ['snapshot', 1],
    ['event', 2],
    ['event', 3],
  ]);
});

test('a seat too far behind, or ahead of a database that was restored, gets a gap and a snapshot', async () => {
  const log = new MemoryLog();
  for (let n = 0; n < 50; n += 1) log.append();
  const snapshot = { alerts: async () => [{ id: 'now' }] };
  await using live = await startLive({ log, snapshot, limits: { replayWindow: 10 } });
  for (const since of [39, 51]) {
    await using seat = await openSeat(live.url);
    seat.subscribe({ ...alertsOnly, since });
    await seat.until(() => seat.of('snapshot').length === 1);
    expect(seat.messages.slice(1)).toMatchObject([
      { type: 'gap', topic: 'alerts', from: since, to: 50 },
      { type: 'snapshot', items: [{ id: 'now' }], seq: 50 },
    ]);
  }
  await using seat = await openSeat(live.url);
  seat.subscribe({ ...alertsOnly, since: 40 });
  await seat.until(() => seat.seqs.length === 10);
  expect(seat.of('gap')).toEqual([]);
});

test('transactions that report in the wrong order are told in the right one', async () => {
  const log = new MemoryLog();
  await using live = await startLive({ log });
  await using seat = await openSeat(live.url);
  seat.subscribe(alertsOnly);
  await seat.until(() => seat.of('snapshot').length === 1);
  const [one, two, three] = [log.append(), log.append(), log.append()];
  live.hub.publish(three);
  live.hub.publish(one);
  live.hub.publish(two);
  await seat.until(() => seat.seqs.length === 3);
  expect(seat.seqs).toEqual([1, 2, 3]);
});

test('nothing of a foreign area reaches a seat: no event, no replay, no snapshot, no last value', async () => {
  const log = new MemoryLog();
  log.append({ area: 'north' });
  const items = [{ id: 'n', area: 'north' }, { id: 's', area: 'south' }, { id: 'free' }];
  await using live = await startLive({ log, snapshot: { alerts: async () => items, units: async () => items } });
  await using seat = await openSeat(live.url, 'south');
  seat.subscribe({ topics: ['alerts', 'units'] });
  await seat.until(() => seat.of('snapshot').length === 2);
  live.hub.publish(log.append({ area: 'north' }));
  live.hub.publish(log.append({ area: 'south' }));
  for (const item of items) live.hub.changed('units', item);
  await seat.until(() => seat.seqs.length === 1 && seat.of('event', 'units').length === 1);
  expect(seat.seqs).toEqual([3]);
  for (const { items: seen } of seat.of('snapshot')) expect(seen).toEqual([{ id: 's', area: 'south' }, { id: 'free' }]);
  expect(seat.of('event', 'units')).toMatchObject([{ data: [{ id: 's' }, { id: 'free' }] }]);

  await using resumed = await openSeat(live.url, 'south');
  resumed.subscribe({ topics: ['alerts'], since: 0 });
  await resumed.until(() => resumed.seqs.length === 1);
  expect(resumed.seqs).toEqual([3]);
});

test('last values are conflated: the newest of each item in one frame', async () => {
  await using live = await startLive({ limits: { conflateMs: 100 } });
  await using seat = await openSeat(live.url);
  seat.subscribe({ topics: ['units', 'nonsense'] });
  await seat.until(() => seat.of('snapshot', 'units').length === 1);
  for (let n = 0; n < 500; n += 1) live.hub.changed('units', { id: `u${n % 5}`, position: { lat: 27, lon: n / 10 } });
  live.hub.changed('cameras', { id: 'k1' });
  await seat.until(() => seat.of('event', 'units').length > 0);
  const [frame] = seat.of('event', 'units');
  expect(frame?.data).toHaveLength(5);
  expect(frame?.data).toContainEqual({ id: 'u4', position: { lat: 27, lon: 49.9 } });
  expect(seat.of('event', 'cameras')).toEqual([]);
});

test('a part of the map narrows last values, not alerts; who leaves it is told of once more', async () => {
  const log = new MemoryLog();
  await using live = await startLive({ log });
  await using seat = await openSeat(live.url);
  seat.subscribe({ topics: ['alerts', 'units', 'cameras'], bbox: [105, 27, 106, 28] });
  await seat.until(() => seat.of('snapshot').length === 3);
  const told = () => seat.of('event', 'units').flatMap(({ data }) => data);
  for (const [id, lon] of [
    ['in', 105.5],
    ['out', 104],
    ['in', 107],
    ['in', 108],
    ['in', 105.6],
  ] as const) {
    live.hub.changed('units', { id, position: { lat: 27.5, lon } });
    live.hub.changed('cameras', { id: 'tick' });
    const ticks = seat.of('event', 'cameras').length;
    await seat.until(() => seat.of('event', 'cameras').length > ticks);
  }
  live.hub.publish(log.append({ position: { lat: 0, lon: 0 } }));
  await seat.until(() => seat.seqs.length === 1 && told().length === 3);
  expect(told()).toMatchObject([105.5, 107, 105.6].map((lon) => ({ id: 'in', position: { lon } })));
});

test('who could see an item is told that it is removed, and in which order it came back', async () => {
  await using live = await startLive();
  await using all = await openSeat(live.url);
  await using south = await openSeat(live.url, 'south');
  for (const seat of [all, south]) seat.subscribe({ topics: ['cameras'] });
  await all.until(() => all.of('snapshot', 'cameras').length === 1);
  await south.until(() => south.of('snapshot', 'cameras').length === 1);
  live.hub.changed('cameras', { id: 'k1', area: 'south' });
  live.hub.removed('cameras', { id: 'k1', area: 'south' });
  live.hub.changed('cameras', { id: 'k1', area: 'north' });
  live.hub.removed('cameras', { id: 'k2', area: 'north' });
  const told = (seat: typeof all) => seat.of('event', 'cameras').flatMap(({ data }) => data);
  await all.until(() => told(all).length === 3);
  await south.until(() => told(south).length === 1);
  const gone = { id: 'k1', removed: true };
  expect(told(all)).toEqual([gone, { id: 'k1', area: 'north' }, { id: 'k2', removed: true }]);
  expect(told(south)).toEqual([gone]);
});

test('a newer subscription replaces the one before', async () => {
  const log = new MemoryLog();
  await using live = await startLive({ log });
  await using seat = await openSeat(live.url);
  seat.subscribe({ topics: ['alerts'] });
  seat.subscribe({ topics: ['units'] });
  await seat.until(() => seat.of('snapshot', 'units').length === 1);
  live.hub.publish(log.append());
  live.hub.changed('units', { id: 'u1' });
  await seat.until(() => seat.of('event', 'units').length === 1);
  expect(seat.seqs).toEqual([]);
});

test('a ping is answered with its own number', async () => {
  await using live = await startLive();
  await using seat = await openSeat(live.url);
  seat.send({ type: 'ping', t: 17.5 });
  await seat.until(() => seat.of('pong').length === 1);
  expect(seat.of('pong')).toMatchObject([{ t: 17.5 }]);
});

test('too many messages, too large ones and nonsense are closed with their codes', async () => {
  await using live = await startLive();
  await using many = await openSeat(live.url);
  for (let n = 0; n < 50; n += 1) many.send({ type: 'ping', t: n });
  expect(await many.closed()).toBe(1008);

  await using large = await openSeat(live.url);
  large.socket.send('x'.repeat(64 * 1024 + 1));
  expect(await large.closed()).toBe(1009);

  for (const frame of ['{', '{"type":"subscribe"}', '{"type":"hack"}', Buffer.from([1, 2])]) {
    await using odd = await openSeat(live.url);
    odd.socket.send(frame);
    expect(await odd.closed()).toBe(1008);
  }
  await expect.poll(() => live.hub.counts()).toEqual({ seats: 0, slow: 0, refused: 6 });
});

test('a seat is cut when its session ends, others are not', async () => {
  await using live = await startLive();
  await using one = await openSeat(live.url);
  await using other = await openSeat(live.url, 'south');
  live.endSession('s1');
  expect(await one.closed()).toBe(4001);
  expect(other.socket.readyState).toBe(WebSocket.OPEN);
});

test('a seat that does not answer is gone', async () => {
  await using live = await startLive({ limits: { keepaliveMs: 50, lingerMs: 50 } });
  await using seat = await openSeat(live.url);
  seat.socket.pause();
  await expect.poll(() => live.hub.counts(), { timeout: 5_000 }).toMatchObject({ seats: 0, slow: 1 });
});

test('on shutdown every seat is told that the server goes away', async () => {
  const live = await startLive();
  await using one = await openSeat(live.url);
  await using other = await openSeat(live.url);
  await live[Symbol.asyncDispose]();
  expect(await Promise.all([one.closed(), other.closed()])).toEqual([1001, 1001]);
});

test('a database that fails closes the seat, which comes back', async () => {
  const log = new MemoryLog();
  log.headSeq = async () => Promise.reject(new Error('disk'));
  await using live = await startLive({ log });
  await using seat = await openSeat(live.url);
  expect(await seat.closed()).toBe(1011);
});

test('events whose reading failed are told once the database answers again', async () => {
  const log = new MemoryLog();
  const read = log.eventsSince.bind(log);
  let failures = 0;
  await using live = await startLive({ log });
  await using seat = await openSeat(live.url);
  seat.subscribe(alertsOnly);
  await seat.until(() => seat.of('snapshot').length === 1);
  log.eventsSince = async (...wanted) => {
    failures += 1;
    if (failures === 1) throw new Error('disk');
    return read(...wanted);
  };
  live.hub.publish(log.append());
  await seat.until(() => seat.seqs.length === 1);
  expect([failures, seat.seqs]).toEqual([2, [1]]);
});
