import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import type { AlertDesk } from '../../src/alerts/desk.ts';
import { systemActor } from '../../src/shared/actor.ts';
import { eventsSince } from '../../src/store/events-repository.ts';
import { ledgerPage } from '../../src/store/ledger-repository.ts';
import { verifyLedger } from '../../src/store/ledger-verdict.ts';
import type { Store } from '../../src/store/store.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fog, openDesk, otherSeat, seat, second, southSeat } from './alert-fixtures.ts';

const allEvents = (store: Store) => eventsSince(store.db, { seq: 0, topics: ['alerts'], limit: 1_000 });

function changesOf(desk: AlertDesk): Alert[] {
  const changes: Alert[] = [];
  desk.on('changed', (alert) => changes.push(alert));
  return changes;
}

test('an observation becomes an alert, an event that carries it and a row in the ledger', async () => {
  await using world = await openDesk();
  const changes = changesOf(world.desk);
  const alert = await world.desk.observe(fog());
  expect(alert).toMatchObject({ seq: 1, version: 1, state: 'raised', sensor: 'ws06', snapshot: false, mergedFrom: [] });
  expect(Date.parse(alert.dueAt ?? '') - Date.now()).toBeGreaterThan(55_000);
  expect(changes).toEqual([alert]);
  expect(await world.desk.get(alert.id)).toEqual(alert);
  expect(await allEvents(world.store)).toMatchObject([{ seq: 1, topic: 'alerts', subject: alert.id, data: alert }]);
  const [row] = await ledgerPage(world.store.db, { limit: 1 });
  expect(row).toMatchObject({ actor: systemActor.name, action: 'alert.raise', object: alert.id, result: 'ok' });
});

test('what lasts stays one alert, refreshed at most once in the time set', async () => {
  await using world = await openDesk();
  const alert = await world.desk.observe(fog());
  await world.desk.observe(fog({ at: second(1) }));
  await Promise.all([2, 3, 4].map((n) => world.desk.observe(fog({ at: second(n) }))));
  expect(await allEvents(world.store)).toHaveLength(1);
  expect((await world.desk.list()).items.map(({ id }) => id)).toEqual([alert.id]);
});

test('a refresh is stored once its time has come, with the reasons of the last look', async () => {
  await using world = await openDesk({ refreshMs: 0 });
  const { id } = await world.desk.observe(fog());
  const reasons = [{ text: '能见度 150 m', value: 150 }];
  const alert = await world.desk.observe(fog({ at: second(5), title: '能见度 150 m', reasons }));
  expect(alert).toMatchObject({ id, seq: 2, version: 2, title: '能见度 150 m', reasons });
  expect(alert.lastSeenAt).toBe(second(5).toISOString());
});

test('a severity that rises is told at once, and does not fall again', async () => {
  await using world = await openDesk();
  await world.desk.observe(fog());
  const worse = await world.desk.observe(fog({ at: second(1), severity: 'critical' }));
  expect(worse).toMatchObject({ version: 2, severity: 'critical' });
  await world.desk.observe(fog({ at: second(2), severity: 'minor' }));
  expect(await world.desk.get(worse.id)).toMatchObject({ severity: 'critical' });
});

test('a hundred observations of a key at the same time raise one alert', async () => {
  await using world = await openDesk();
  const alerts = await Promise.all(Array.from({ length: 100 }, () => world.desk.observe(fog())));
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
  expect(await allEvents(world.store)).toHaveLength(1);
});

test('a dismissed alert does not come back while its cause lasts, and does once it has ended', async () => {
  await using world = await openDesk();
  const first = await world.desk.observe(fog());
  await world.desk.dismiss(first.id, seat, { reason: '设备误报' });
  expect(await world.desk.observe(fog({ at: second(20) }))).toMatchObject({ id: first.id, state: 'dismissed' });
  await world.desk.end('fog:ws06', second(30));
  expect(await world.desk.observe(fog({ at: second(40) }))).toMatchObject({ id: first.id, state: 'dismissed' });
  await world.desk.end('fog:ws06', second(50));
  const next = await world.desk.observe(fog({ at: second(120) }));
  expect(next.id).not.toBe(first.id);
  expect(next.state).toBe('raised');
});

test('an end is told once; an old message delivered again changes nothing', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(fog({ at: second(10) }));
  expect(await world.desk.end('fog:ws06', second(5))).toBeUndefined();
  expect(await world.desk.end('fog:ws06', second(20))).toMatchObject({ id, endedAt: second(20).toISOString() });
  expect(await world.desk.end('fog:ws06', second(20))).toBeUndefined();
  expect(await world.desk.observe(fog({ at: second(10) }))).toMatchObject({ id, endedAt: second(20).toISOString() });
  expect(await world.desk.end('nobody', second(20))).toBeUndefined();
  expect(await allEvents(world.store)).toHaveLength(2);
});

test('a cause that comes and goes is not written each time', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(fog());
  for (let n = 1; n < 25; n += 1) {
    await world.desk.end('fog:ws06', second(n));
    await world.desk.observe(fog({ at: second(n + 0.5) }));
  }
  expect((await world.desk.list()).items.map((alert) => alert.id)).toEqual([id]);
  expect(await allEvents(world.store)).toHaveLength(2);
});

test('an alert whose source fell silent has ended when its cause is seen anew', async () => {
  await using world = await openDesk({ cameras: { cooldownMs: 1_000, untakenMs: 1_000, staleMs: 60_000 } });
  const person = { key: 'person:k1', kind: 'person-on-road', camera: 'k1', sensor: undefined } as const;
  const first = await world.desk.observe(fog(person));
  const next = await world.desk.observe(fog({ ...person, at: second(300) }));
  expect(next.id).not.toBe(first.id);
  expect(await world.desk.get(first.id)).toMatchObject({ endedAt: first.lastSeenAt });
});

test('what ended untaken goes on as the same alert for minutes; once somebody took it, it is a new one', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(fog());
  await world.desk.end('fog:ws06', second(1));
  expect(await world.desk.observe(fog({ at: second(120) }))).toMatchObject({ id, state: 'raised' });
  await world.desk.acknowledge(id, seat);
  await world.desk.end('fog:ws06', second(121));
  expect((await world.desk.observe(fog({ at: second(240) }))).id).not.toBe(id);
});

test('alerts are the same after a restart: what was open is not raised again', async () => {
  await using dir = await tempDir();
  const path = join(dir.path, 'operations.sqlite');
  const first = await openDesk({}, path);
  const { id } = await first.desk.observe(fog());
  await first.desk.acknowledge(id, seat);
  await first[Symbol.asyncDispose]();
  await using second_ = await openDesk({}, path);
  expect(await second_.desk.observe(fog({ at: second(10) }))).toMatchObject({ id, state: 'acknowledged', version: 3 });
});

test('each move is one version, one event and one ledger row under the name of who made it', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(fog());
  await world.desk.acknowledge(id, seat);
  await world.desk.release(id, seat);
  await world.desk.acknowledge(id, otherSeat);
  const done = await world.desk.confirm(id, seat);
  expect(done).toMatchObject({ version: 5, seq: 5, acknowledgedBy: { name: '席2' }, closedBy: { name: '席1' } });
  expect(done.dueAt).toBeUndefined();
  const rows = await ledgerPage(world.store.db, { limit: 10 });
  expect(rows.map(({ actor, action }) => `${actor} ${action}`).toReversed()).toEqual([
    'system alert.raise',
    '席1 alert.acknowledge',
    '席1 alert.release',
    '席2 alert.acknowledge',
    '席1 alert.confirm',
  ]);
  expect(await verifyLedger(world.store.db)).toMatchObject({ intact: true });
  expect((await allEvents(world.store)).map(({ data }) => data)).toMatchObject([1, 2, 3, 4, 5].map((seq) => ({ seq })));
});

test('a move made again by the same actor answers 200 and writes nothing, even with the old version', async () => {
  await using world = await openDesk();
  const { id, version } = await world.desk.observe(fog());
  const first = await world.desk.acknowledge(id, seat, { version });
  expect(await world.desk.acknowledge(id, seat, { version })).toEqual(first);
  expect(await allEvents(world.store)).toHaveLength(2);
});

test('of two seats that take the same alert at once exactly one has it', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(fog());
  const results = await Promise.allSettled([seat, otherSeat].map((one) => world.desk.acknowledge(id, one)));
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await allEvents(world.store)).toHaveLength(2);
});

test('a decision on an older version is refused', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(fog());
  await world.desk.observe(fog({ at: second(1), severity: 'major' }));
  const refused = world.desk.dismiss(id, seat, { reason: '误报', version: 1 });
  await expect(refused).rejects.toMatchObject({ code: 'ALERT_STALE', statusCode: 409, version: 2 });
});

test("another area's alert does not exist: not to read, not to move, not in a list", async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(fog({ snapshot: new Uint8Array([1]) }));
  const gone = { code: 'ALERT_NOT_FOUND', statusCode: 404 };
  await expect(world.desk.get(id, southSeat)).rejects.toMatchObject(gone);
  await expect(world.desk.acknowledge(id, southSeat)).rejects.toMatchObject(gone);
  await expect(world.desk.snapshot(id, southSeat)).rejects.toMatchObject(gone);
  expect((await world.desk.list({}, southSeat)).items).toEqual([]);
  expect((await world.desk.list({ area: 'north' }, southSeat)).items).toEqual([]);
});

test('the list is paged newest first and filtered by state, kind, severity, area and words', async () => {
  await using world = await openDesk();
  const one = await world.desk.observe(fog({ key: '1', stake: 'K1432+300' }));
  const two = await world.desk.observe(fog({ key: '2', kind: 'ice', severity: 'major', title: '路面结冰' }));
  const three = await world.desk.observe(fog({ key: '3', area: 'south' }));
  await world.desk.acknowledge(three.id, seat);
  const ids = async (query: Parameters<AlertDesk['list']>[0]) =>
    (await world.desk.list(query)).items.map(({ id }) => id);
  expect(await ids({ limit: 2 })).toEqual([three.id, two.id]);
  expect(await ids({ limit: 2, cursor: two.id })).toEqual([one.id]);
  expect((await world.desk.list({ limit: 2 })).next).toBe(two.id);
  expect((await world.desk.list({ limit: 4 })).next).toBeUndefined();
  expect(await ids({ state: ['acknowledged'] })).toEqual([three.id]);
  expect(await ids({ kind: ['ice'] })).toEqual([two.id]);
  expect(await ids({ severity: ['minor'], area: 'north' })).toEqual([one.id]);
  expect(await ids({ q: 'k1432' })).toEqual([one.id]);
  expect(await ids({ q: '结冰' })).toEqual([two.id]);
  expect(await ids({ q: '100%_' })).toEqual([]);
  await world.desk.confirm(two.id, seat);
  expect((await world.desk.open()).map(({ id }) => id)).toEqual([three.id, one.id]);
});

test('the first picture is kept; an alert without one says so', async () => {
  await using world = await openDesk();
  const jpeg = new Uint8Array([0xff, 0xd8, 1]);
  const { id } = await world.desk.observe(fog());
  await expect(world.desk.snapshot(id)).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
  expect(await world.desk.observe(fog({ at: second(1), snapshot: jpeg }))).toMatchObject({ id, snapshot: true });
  await world.desk.observe(fog({ at: second(2), severity: 'major', snapshot: new Uint8Array([9]) }));
  expect(new Uint8Array(await world.desk.snapshot(id))).toEqual(jpeg);
});

test('an SOS delivered again is the same alert, and it lasts until somebody closed it', async () => {
  await using world = await openDesk();
  const sos = fog({ key: 'sos:m1', kind: 'sos', severity: 'critical', unit: 'xun7', sensor: undefined });
  const first = await world.desk.observe(sos);
  expect(await world.desk.observe({ ...sos, at: second(500) })).toEqual(first);
  const closed = await world.desk.confirm(first.id, seat);
  expect(closed.endedAt).toBeDefined();
  expect((await world.desk.observe({ ...sos, at: second(550) })).id).toBe(first.id);
});
