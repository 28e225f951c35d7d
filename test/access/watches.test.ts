import { expect, test } from 'vitest';
import { type WatchNote, WatchRecords } from '../../src/access/watches/watch-records.ts';
import { silentLog } from '../../src/shared/log.ts';
import { ledgerOf, openHouse, temporaryStore } from '../helpers/access-house.ts';
import { failingLedger } from '../helpers/failing-ledger.ts';

const seat = { id: 'u1', name: 'seat', role: 'seat', areas: 'all', address: '192.0.2.7' } as const;

type Details = Partial<WatchNote['details']>;

const started = (watch: string, details: Details = {}): WatchNote => ({
  ...{ actor: seat, action: 'watch.start', object: 'camera/k1', result: 'ok', watch },
  details: { over: 'http', ...details },
});
const stopped = (watch: string, details: Details = {}): WatchNote => ({
  ...started(watch, { reason: 'left', ...details }),
  action: 'watch.stop',
});

test('a watch is a record from when to when, and for what; its rows are in the ledger in order', async () => {
  await using house = await openHouse();
  const { watches } = house.access;
  const footage = { from: '2026-11-26T08:00:00.000Z', incident: 'i1' };
  watches.note(started('w1', footage));
  watches.note(stopped('w1', { ...footage, to: '2026-11-26T08:05:00.000Z', reason: 'disabled' }));
  watches.note(started('w2'));
  await watches.close();
  const auditor = await house.login('auditor', 'auditor');
  const { items } = (await house.app.inject({ url: '/api/v1/watches?camera=k1', headers: auditor })).json();
  expect(items).toMatchObject([
    { id: 'w2', actor: 'seat', camera: 'k1' },
    {
      ...{ id: 'w1', actor: 'seat', role: 'seat', address: '192.0.2.7', over: 'http', incident: 'i1' },
      ...{ footageFrom: footage.from, footageTo: '2026-11-26T08:05:00.000Z', reason: 'disabled' },
    },
  ]);
  expect(items[0]).not.toHaveProperty('endedAt');
  const deeds = (await ledgerOf(house.store)).map(({ action }) => action);
  expect(deeds.filter((action) => action.startsWith('watch'))).toEqual([
    ...['watch.start', 'watch.stop', 'watch.start', 'watches.read'],
  ]);
});

test('what a crash left open ends with the next start, at the time it was last seen', async () => {
  await using database = await temporaryStore();
  const crashed = new WatchRecords({ store: database.store, log: silentLog, heartbeatMs: 5 });
  crashed.start();
  crashed.note(started('w1'));
  const row = async () => await database.store.db.selectFrom('watches').selectAll().executeTakeFirst();
  await expect.poll(row).toBeTruthy();
  const first = (await row())?.seen_at ?? '';
  await expect.poll(async () => ((await row())?.seen_at ?? '') > first).toBe(true);
  await crashed.close();
  const seen = (await row())?.seen_at;

  const next = new WatchRecords({ store: database.store, log: silentLog });
  next.start();
  await expect.poll(async () => (await row())?.reason).toBe('crashed');
  await next.close();
  expect(await row()).toMatchObject({ ended_at: seen, seen_at: seen });
  expect((await ledgerOf(database.store)).at(-1)).toMatchObject({
    ...{ actor: 'seat', action: 'watch.stop', object: 'camera/k1', details: { reason: 'crashed', at: seen } },
  });
});

test('a ledger that fails for a while loses no watch: its rows come later, in order, and say when it was', async () => {
  await using database = await temporaryStore();
  const ledger = await failingLedger(database.store);
  const watches = new WatchRecords({ store: database.store, log: silentLog });
  await ledger.fail(100);
  watches.note(started('w1'));
  watches.note(stopped('w1'));
  const noted = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await ledgerOf(database.store)).toEqual([]);
  await ledger.fail(0);
  await watches.close();
  const rows = await ledgerOf(database.store);
  expect(rows.map(({ action }) => action)).toEqual(['watch.start', 'watch.stop']);
  for (const { details } of rows) expect(Date.parse(String(details?.at))).toBeLessThanOrEqual(noted);
});
