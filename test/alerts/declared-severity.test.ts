import Fastify from 'fastify';
import { expect, test } from 'vitest';
import type { Severity } from '../../src/alerts/alert.ts';
import { alertsPlugin } from '../../src/alerts/plugin.ts';
import { eventsSince } from '../../src/store/events-repository.ts';
import { ledgerPage } from '../../src/store/ledger-repository.ts';
import { fog, openDesk, seat, second } from './alert-fixtures.ts';

const warning = (seconds: number, severity: Severity) =>
  fog({ key: 'w', kind: 'weather-warning', declared: true, severity, at: second(seconds) });

async function openWorld() {
  const world = await openDesk();
  const app = Fastify();
  await app.register(alertsPlugin, { desk: world.desk, actorOf: () => seat, clip: () => Promise.reject() });
  const listed = async (query: string) =>
    (await app.inject(`/alerts?${query}`)).json().items.map(({ id }: { id: string }) => id);
  const rows = async () => (await ledgerPage(world.store.db, { limit: 20 })).toReversed();
  const deeds = async () => (await rows()).map(({ action, details }) => [action, JSON.parse(`${details}`)]);
  const versions = async () => {
    const events = await eventsSince(world.store.db, { seq: 0, topics: ['alerts'], limit: 20 });
    return events.map(({ data }) => data as { version: number; severity: Severity; state: string });
  };
  const close = async () => {
    await app.close();
    await world[Symbol.asyncDispose]();
  };
  return { ...world, app, listed, deeds, versions, [Symbol.asyncDispose]: close };
}

test('a milder word lowers an open alert at once, on its timeline, and rings nobody anew', async () => {
  await using world = await openWorld();
  const { id, dueAt } = await world.desk.observe(warning(0, 'critical'));
  const milder = await world.desk.observe(warning(1, 'minor'));
  expect(milder).toMatchObject({ id, version: 2, severity: 'minor', state: 'raised', dueAt });
  expect(await world.listed('severity=minor')).toEqual([id]);
  expect(await world.listed('severity=critical')).toEqual([]);
  expect(await world.deeds()).toEqual([
    ['alert.raise', expect.anything()],
    ['alert.severity', expect.objectContaining({ from: 'critical', severity: 'minor', version: 2 })],
  ]);
  expect(await world.versions()).toMatchObject([{ severity: 'critical' }, { version: 2, severity: 'minor' }]);
});

test('a milder word leaves an alert with who has taken it', async () => {
  await using world = await openWorld();
  const { id } = await world.desk.observe(warning(0, 'critical'));
  const { dueAt } = await world.desk.acknowledge(id, seat);
  const milder = await world.desk.observe(warning(1, 'major'));
  expect(milder).toMatchObject({
    id,
    severity: 'major',
    state: 'acknowledged',
    acknowledgedBy: { id: seat.id },
    dueAt,
  });
});

test('a worse word gives a taken alert back, with a new deadline, and says who had it', async () => {
  await using world = await openWorld();
  const { id } = await world.desk.observe(warning(0, 'minor'));
  const taken = await world.desk.acknowledge(id, seat);
  const worse = await world.desk.observe(warning(1, 'critical'));
  expect(worse).toMatchObject({ id, version: taken.version + 1, severity: 'critical', state: 'raised' });
  expect(worse).not.toHaveProperty('acknowledgedBy');
  expect(Date.parse(worse.dueAt ?? '')).toBeGreaterThan(Date.now());
  expect(Date.parse(worse.dueAt ?? '')).toBeLessThanOrEqual(Date.now() + 60_000);
  expect(await world.listed('state=raised&severity=critical')).toEqual([id]);
  expect((await world.deeds()).at(-1)).toEqual([
    'alert.severity',
    expect.objectContaining({ from: 'minor', severity: 'critical', released: seat.name }),
  ]);
  expect(await world.desk.acknowledge(id, seat)).toMatchObject({ state: 'acknowledged' });
});

test('as bad as it was taken, it stays taken', async () => {
  await using world = await openWorld();
  const { id } = await world.desk.observe(warning(0, 'major'));
  await world.desk.acknowledge(id, seat);
  await world.desk.observe(warning(10, 'major'));
  expect(await world.desk.get(id)).toMatchObject({ state: 'acknowledged', severity: 'major' });
});

test('what people have closed stays closed, and a worse word is an alert of its own', async () => {
  await using world = await openWorld();
  const { id } = await world.desk.observe(warning(0, 'minor'));
  await world.desk.dismiss(id, seat, { reason: '无影响' });
  expect(await world.desk.observe(warning(1, 'info'))).toMatchObject({ id, state: 'dismissed' });
  const worse = await world.desk.observe(warning(2, 'critical'));
  expect(worse).toMatchObject({ version: 1, severity: 'critical', state: 'raised' });
  expect(worse.id).not.toBe(id);
  expect(await world.desk.get(id)).toMatchObject({ state: 'dismissed', endedAt: expect.any(String) });
  expect(await world.desk.observe(warning(3, 'critical'))).toMatchObject({ id: worse.id });
});

test('a measurement does none of this: it rises, and whoever has taken it keeps it', async () => {
  await using world = await openWorld();
  const { id } = await world.desk.observe(fog());
  await world.desk.acknowledge(id, seat);
  const worse = await world.desk.observe(fog({ at: second(1), severity: 'critical' }));
  expect(worse).toMatchObject({ id, state: 'acknowledged', severity: 'critical' });
  await world.desk.observe(fog({ at: second(2), severity: 'minor' }));
  expect(await world.desk.get(id)).toMatchObject({ severity: 'critical' });
});
