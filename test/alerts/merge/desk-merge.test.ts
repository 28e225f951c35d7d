import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { AlertDesk } from '../../../src/alerts/desk.ts';
import { eventsSince } from '../../../src/store/events-repository.ts';
import { ledgerPage } from '../../../src/store/ledger-repository.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { fog, openDesk, seat, second, southSeat } from '../alert-fixtures.ts';
import { call, north, person, report } from './merge-fixtures.ts';

const jpeg = new Uint8Array([0xff, 0xd8, 0xff]);
const close = { position: north(35), at: second(12) };

function changesOf(desk: AlertDesk): Alert[] {
  const changes: Alert[] = [];
  desk.on('changed', (alert) => changes.push(alert));
  return changes;
}

test('two cameras that see the same person make one alert, with the picture there is and why', async () => {
  await using world = await openDesk();
  const changes = changesOf(world.desk);
  const parts: string[] = [];
  world.desk.on('merged', ({ id }) => parts.push(id));
  const first = await world.desk.observe(person('k1'));
  const both = await world.desk.observe(person('k2', { ...close, severity: 'critical', snapshot: jpeg }));
  expect(both).toMatchObject({
    id: first.id,
    severity: 'critical',
    version: 2,
    mergedFrom: parts,
    merged: [{ camera: 'k1' }, { camera: 'k2', because: { distanceMeters: 35, seconds: 12 } }],
  });
  expect((await world.desk.list()).items).toEqual([both]);
  expect(changes.map(({ id, version }) => [id, version])).toEqual([
    [first.id, 1],
    [first.id, 2],
  ]);
  expect(await world.desk.snapshot(first.id)).toEqual(jpeg);
  expect(await world.desk.get(parts[0] ?? '')).toMatchObject({ camera: 'k2', mergedInto: first.id });
  const events = await eventsSince(world.store.db, { seq: 0, topics: ['alerts'], limit: 10 });
  expect(events.map(({ subject, data }) => [subject, data])).toEqual([
    [first.id, first],
    [first.id, both],
  ]);
});

test('seen by several cameras at the very same moment it is one alert as well', async () => {
  await using world = await openDesk();
  const cameras = Array.from({ length: 8 }, (_, n) => `k${n}`);
  const alerts = await Promise.all(
    cameras.map((camera, n) => world.desk.observe(person(camera, { position: north(n * 5) }))),
  );
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
  const [one, ...others] = (await world.desk.list()).items;
  expect(others).toEqual([]);
  expect(one?.merged?.map(({ camera }) => camera).toSorted()).toEqual(cameras);
});

test('it lasts as long as one of them sees it, and each goes on as what it was', async () => {
  await using world = await openDesk({ refreshMs: 0 });
  const { id } = await world.desk.observe(person('k1'));
  await world.desk.observe(person('k2', close));
  await world.desk.end('person:k1:all', second(15));
  expect(await world.desk.get(id)).not.toHaveProperty('endedAt');
  const seen = await world.desk.observe(person('k2', { ...close, at: second(20), title: '再次' }));
  expect(seen).toMatchObject({ id, lastSeenAt: second(20).toISOString(), merged: [{}, { title: '再次' }] });
  await world.desk.end('person:k2:all', second(30));
  expect(await world.desk.get(id)).toMatchObject({ endedAt: second(30).toISOString() });
  const back = await world.desk.observe(person('k1', { at: second(40) }));
  expect(back).toMatchObject({ id });
  expect(back.endedAt).toBeUndefined();
  expect((await world.desk.list()).items).toHaveLength(1);
});

test('once it is closed, another camera makes a new one; what was part of it does not come back', async () => {
  await using world = await openDesk({ refreshMs: 0 });
  const { id } = await world.desk.observe(person('k1'));
  await world.desk.observe(person('k2', close));
  await world.desk.dismiss(id, seat, { reason: '误报' });
  expect(await world.desk.observe(person('k2', { ...close, at: second(20) }))).toMatchObject({
    id,
    state: 'dismissed',
  });
  const other = await world.desk.observe(person('k3', { at: second(20) }));
  expect(other.id).not.toBe(id);
  expect(other.state).toBe('raised');
});

test('fog and a person are two alerts, and so is what another area sees', async () => {
  await using world = await openDesk();
  await world.desk.observe(person('k1'));
  await world.desk.observe(fog());
  await world.desk.observe(person('k2', { ...close, area: 'south' }));
  expect((await world.desk.list()).items).toHaveLength(3);
});

test('a call for help leads the report it belongs to, and every call is one of its own', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(report(1));
  const led = await world.desk.observe(call('xun7', close));
  expect(led).toMatchObject({
    id,
    kind: 'sos',
    title: 'xun7 求助',
    severity: 'critical',
    unit: 'xun7',
    state: 'raised',
  });
  expect((await world.desk.observe(call('xun8', close))).id).not.toBe(id);
  await world.desk.acknowledge(id, seat);
  expect((await world.desk.observe(call('xun9', close))).state).toBe('raised');
  expect((await world.desk.list()).items.map(({ title }) => title).toSorted()).toEqual([
    'xun7 求助',
    'xun8 求助',
    'xun9 求助',
  ]);
});

test('a seat takes a part out: two alerts, told and in the ledger, never merged again', async () => {
  await using world = await openDesk({ refreshMs: 0 });
  const { id } = await world.desk.observe(person('k1'));
  const { mergedFrom } = await world.desk.observe(person('k2', { ...close, severity: 'critical', snapshot: jpeg }));
  const [part = ''] = mergedFrom;
  await world.desk.acknowledge(id, seat);
  const changes = changesOf(world.desk);
  await expect(world.desk.unmerge(id, seat, { part, version: 1 })).rejects.toMatchObject({ code: 'ALERT_STALE' });
  await expect(world.desk.unmerge(id, southSeat, { part })).rejects.toMatchObject({ code: 'ALERT_NOT_FOUND' });
  const whole = await world.desk.unmerge(id, seat, { part });
  expect(whole).toMatchObject({ id, severity: 'major', state: 'acknowledged', snapshot: false, mergedFrom: [] });
  expect(whole.merged).toBeUndefined();
  expect(changes.map(({ id: changed, state }) => [changed, state])).toEqual([
    [id, 'acknowledged'],
    [part, 'raised'],
  ]);
  const [row] = await ledgerPage(world.store.db, { limit: 1 });
  expect(row).toMatchObject({ actor: seat.name, action: 'alert.unmerge', object: part });
  expect(await world.desk.snapshot(part)).toEqual(jpeg);
  await expect(world.desk.unmerge(id, seat, { part })).rejects.toMatchObject({ code: 'ALERT_MERGED' });
  expect(await world.desk.observe(person('k2', { ...close, at: second(20) }))).toMatchObject({ id: part });
  await world.desk.end('person:k2:all', second(21));
  await world.desk.acknowledge(part, seat);
  // Long enough after for a new alert, while the first one still lasts: it would be merged but for the seat.
  await world.desk.observe(person('k1', { at: second(55) }));
  const anew = await world.desk.observe(person('k2', { ...close, at: second(60) }));
  expect([id, part]).not.toContain(anew.id);
});

test('what is part of an alert is decided on there', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(person('k1'));
  const { mergedFrom } = await world.desk.observe(person('k2', close));
  await expect(world.desk.acknowledge(mergedFrom[0] ?? '', seat)).rejects.toMatchObject({ code: 'ALERT_MERGED' });
  await expect(world.desk.unmerge(id, seat, { part: id })).rejects.toMatchObject({ code: 'ALERT_MERGED' });
});

test('after a restart it is still one, and what comes close is merged with what was open before', async () => {
  await using dir = await tempDir();
  const path = join(dir.path, 'operations.sqlite');
  const before = await openDesk({ refreshMs: 0 }, path);
  const { id } = await before.desk.observe(person('k1'));
  await before.desk.observe(person('k2', close));
  await before[Symbol.asyncDispose]();
  await using after = await openDesk({ refreshMs: 0 }, path);
  expect(await after.desk.observe(person('k3', { at: second(15) }))).toMatchObject({ id, mergedFrom: { length: 2 } });
  expect(await after.desk.observe(person('k2', { ...close, at: second(16) }))).toMatchObject({ id });
  expect((await after.desk.list()).items).toHaveLength(1);
});

test('a part that comes back after another alert took the place of the whole is one of its own', async () => {
  const cameras = { cooldownMs: 1_000, untakenMs: 1_000, staleMs: 60_000 };
  await using world = await openDesk({ refreshMs: 0, cameras });
  const { id } = await world.desk.observe(person('k1'));
  await world.desk.observe(person('k2', close));
  await world.desk.observe(person('k2', { ...close, at: second(50) }));
  const next = await world.desk.observe(person('k1', { at: second(115) }));
  expect(next.id).not.toBe(id);
  expect(await world.desk.get(id)).toMatchObject({ endedAt: second(50).toISOString() });
  const back = await world.desk.observe(person('k2', { ...close, at: second(105) }));
  expect([id, next.id]).not.toContain(back.id);
  expect((await world.desk.list()).items.map((alert) => alert.id).toSorted()).toEqual(
    [id, next.id, back.id].toSorted(),
  );
});

test('fog that gets worse after somebody closed it is a new alert', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(fog());
  await world.desk.confirm(id, seat);
  expect(await world.desk.observe(fog({ at: second(5) }))).toMatchObject({ id });
  const worse = await world.desk.observe(fog({ at: second(10), severity: 'critical' }));
  expect(worse).toMatchObject({ state: 'raised', severity: 'critical' });
  expect(worse.id).not.toBe(id);
  expect(await world.desk.get(id)).toMatchObject({ state: 'confirmed', endedAt: expect.any(String) });
});
