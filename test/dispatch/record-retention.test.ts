import { randomUUIDv7 } from 'node:crypto';
import { once } from 'node:events';
import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { RetentionConfig } from '../../src/dispatch/config.ts';
import { RecordRetention } from '../../src/dispatch/record-retention.ts';
import { silentLog } from '../../src/shared/log.ts';
import { appendEvent } from '../../src/store/events-repository.ts';
import { firstIdAt } from '../../src/store/first-id-at.ts';
import type { Store } from '../../src/store/store.ts';
import { fenceCrossings, fencesOfUnits } from '../../src/store/unit-fences-repository.ts';
import { temporaryStore } from '../helpers/access-house.ts';
import { seat, startDownlink } from './downlink/rig.ts';

const dayMs = 86_400_000;
const now = new Date('2026-11-21T02:47:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);
const config = { crossingDays: 30, messageDays: 7 };
const point = { lat: 27.3, lon: 105.29 };
/** As if it had been made so many days ago. */
const idOf = (days: number) => firstIdAt(daysAgo(days)).slice(0, 14) + randomUUIDv7().slice(14);

const retentionOf = (store: Store, bite?: number) =>
  new RecordRetention({ config, store, log: silentLog, ...(bite !== undefined && { bite }) });

async function writeCrossing(store: Store, days: number): Promise<void> {
  const row = { id: idOf(days), unit: 'xun7', fence: 'west', kind: 'enter', at: daysAgo(days).toISOString(), ...point };
  await store.db.insertInto('fence_crossings').values(row).execute();
}

async function writeMessage(store: Store, days: number, open: boolean): Promise<string> {
  const id = idOf(days);
  const facts = { version: 1, state: open ? 'sent' : 'read', open: Number(open), assignment: null, key: null };
  await store.db
    .insertInto('unit_messages')
    .values({ id, unit: 'xun7', ...facts, data: JSON.stringify({ id }) })
    .execute();
  return id;
}

const messagesIn = async (store: Store) =>
  (await store.db.selectFrom('unit_messages').select('id').orderBy('id').execute()).map(({ id }) => id);

test('the first id of a moment is before those made from then on, and after those made before', () => {
  const before = Date.now();
  const id = randomUUIDv7();
  expect(firstIdAt(new Date(before)) <= id).toBe(true);
  expect(firstIdAt(new Date(Date.now() + 1)) > id).toBe(true);
  expect(firstIdAt(new Date(-5))).toBe('00000000-0000-7000-8000-000000000000');
});

test('crossings are forgotten after their days, and who is inside is not', async () => {
  await using database = await temporaryStore();
  const { store } = database;
  const inside = { unit: 'xun7', fence: 'west', since: daysAgo(90).toISOString() };
  await store.db.insertInto('unit_fences').values(inside).execute();
  for (const days of [90, 31, 29, 0]) await writeCrossing(store, days);
  await retentionOf(store).prune(now);
  const left = await fenceCrossings(store.db, { unit: 'xun7', limit: 10 });
  expect(left.map(({ at }) => at)).toEqual([daysAgo(0), daysAgo(29)]);
  expect(await fencesOfUnits(store.db)).toEqual([{ unit: 'xun7', fence: 'west' }]);
});

test('settled messages are forgotten after their days, one that waits never', async () => {
  await using database = await temporaryStore();
  const { store } = database;
  const waiting = await writeMessage(store, 4_000, true);
  await writeMessage(store, 8, false);
  const young = await writeMessage(store, 6, false);
  await retentionOf(store).prune(now);
  expect(await messagesIn(store)).toEqual([waiting, young]);
});

test('a message of the downlink goes only once it is read, and its key is free again', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store);
  const writer = { actor: seat, key: 'k1' };
  const { id } = await rig.downlink.send({ unit: 'xun7', title: '去看看' }, writer);
  const later = new Date(Date.now() + 8 * dayMs);
  await retentionOf(database.store).prune(later);
  expect(await messagesIn(database.store)).toEqual([id]);
  await rig.downlink.receipt({ device: 'xun7', assignment: id, state: 'read', at: new Date() });
  await retentionOf(database.store).prune(later);
  expect(await messagesIn(database.store)).toEqual([]);
  const again = await rig.downlink.send({ unit: 'xun7', title: '去看看' }, writer);
  expect(again.id).not.toBe(id);
});

test('thousands go bite by bite, and what is written meanwhile waits for one bite only', async () => {
  await using database = await temporaryStore();
  const { store } = database;
  const old = Array.from({ length: 20_000 }, () => ({
    id: idOf(60),
    unit: 'u',
    fence: 'f',
    kind: 'enter',
    at: '',
    ...point,
  }));
  for (let at = 0; at < old.length; at += 1_000)
    await store.db
      .insertInto('fence_crossings')
      .values(old.slice(at, at + 1_000))
      .execute();
  await writeCrossing(store, 1);
  const pruning = retentionOf(store).prune(now);
  const waits: number[] = [];
  for (let turn = 0; turn < 40; turn += 1) {
    const began = performance.now();
    await store.transaction((tx) => appendEvent(tx, { topic: 'alerts', subject: 'a', data: {} }));
    waits.push(performance.now() - began);
  }
  await pruning;
  expect(await fenceCrossings(store.db, { unit: 'u', limit: 1 })).toEqual([]);
  expect(await fenceCrossings(store.db, { unit: 'xun7', limit: 9 })).toHaveLength(1);
  expect(Math.max(...waits)).toBeLessThan(1_000);
});

test('it begins at once, ends in the middle of a pass when closed, and goes on with the next start', async () => {
  await using database = await temporaryStore();
  const { store } = database;
  for (let count = 0; count < 30; count += 1) await writeCrossing(store, 60);
  const count = async () => (await fenceCrossings(store.db, { unit: 'xun7', limit: 100 })).length;
  const retention = retentionOf(store, 1);
  retention.start();
  retention.start();
  await once(AbortSignal.timeout(60), 'abort');
  await retention.close();
  const left = await count();
  expect(left).toBeLessThan(30);
  expect(left).toBeGreaterThan(0);
  await retentionOf(store, 1).prune(now);
  expect(await count()).toBe(0);
});

test.each([
  [{ crossingDays: 90, messageDays: 90 }, true],
  [{ crossingDays: 0, messageDays: 90 }, false],
  [{ crossingDays: 90, messageDays: 0.5 }, false],
  [{ crossingDays: 90, messageDays: 90, positions: 1 }, false],
])('the days %j are a retention: %s', (value, right) => {
  expect(Check(RetentionConfig, value)).toBe(right);
});
