import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqliteTelemetryStore } from '../../src/ingest/telemetry/sqlite-telemetry-store.ts';
import { openTelemetry } from '../../src/ingest/telemetry/telemetry-calls.ts';
import { parseDuration } from '../../src/ingest/telemetry/telemetry-store.ts';
import { scratch } from './rig.ts';
import { describeTelemetryStore, point } from './telemetry-suite.ts';

async function startSqlite(outbox = false) {
  const directory = await scratch();
  const thread = await openTelemetry({ path: join(directory.path, 'telemetry.sqlite'), outbox });
  const store = new SqliteTelemetryStore(thread);
  return {
    thread,
    store: store.write.bind(store),
    query: store.query.bind(store),
    [Symbol.asyncDispose]: async () => {
      await thread.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describeTelemetryStore('SQLite', () => startSqlite());

test('the outbox holds each distinct value once, numbered within its time', async () => {
  await using rig = await startSqlite(true);
  await rig.store([point(0, 180), point(0, 180), point(0, 190), point(1, 5)]);
  await rig.store([point(0, 180), point(0, 200)]);
  const rows = await rig.thread.ask('readOutbox', 10);
  expect(rows.map(({ value, ordinal }) => [value, ordinal])).toEqual([
    [180, 0],
    [190, 1],
    [5, 0],
    [200, 2],
  ]);
});

test('a page folded into buckets ends anywhere, also between values of one time, and the next goes on there', async () => {
  await using rig = await startSqlite();
  await rig.store([point(-10, 9), ...[3, 1, 2].map((value) => point(0, value)), point(10, 5)]);
  const { at } = point(0, 0);
  const series = { device: 'ws01', measurement: 'visibility', to: at + 20_000, limit: 2, everyMs: 10_000 };
  const first = await rig.thread.ask('fold', { ...series, after: { at: 0, value: 0 } });
  expect(first.parts.map(({ sum, count, last }) => [sum, count, last])).toEqual([
    [9, 1, 9],
    [1, 1, 1],
  ]);
  const second = await rig.thread.ask('fold', { ...series, after: first.next ?? expect.fail('no next') });
  expect(second.parts).toEqual([{ at, min: 2, max: 3, sum: 5, last: 3, count: 2 }]);
  const third = await rig.thread.ask('fold', { ...series, after: second.next ?? expect.fail('no next') });
  expect([third.parts.length, third.next]).toEqual([1, undefined]);
});

test('buckets before 1970 start before their values, too', async () => {
  await using rig = await startSqlite();
  await rig.store([point(0, 1, { at: -1 }), point(0, 2, { at: 1 })]);
  const query = { device: 'ws01', measurement: 'visibility', from: -100, to: 100, limit: 10, everyMs: 10 };
  expect((await rig.query(query)).map(({ at }) => at)).toEqual([-10, 0]);
});

test('old points are forgotten bit by bit, newer ones stay', async () => {
  await using rig = await startSqlite();
  await rig.store([...Array.from({ length: 50 }, (_, n) => point(n, n)), point(0, 1, { device: 'ws02' })]);
  const before = point(40, 0).at;
  let series: number | undefined = 0;
  for (let bites = 0; series !== undefined && bites < 100; bites += 1) {
    const { next }: { next?: number } = await rig.thread.ask('prune', { series, before, now: before, most: 7 });
    series = next;
  }
  expect(series).toBeUndefined();
  const range = { measurement: 'visibility', from: 0, to: before * 2, limit: 100 };
  expect(await rig.query({ device: 'ws01', ...range })).toHaveLength(10);
  expect(await rig.query({ device: 'ws02', ...range })).toHaveLength(0);
});

test('what a device with a clock of 1970 measured is old by the time it came, not by the one it gave (T27)', async () => {
  await using rig = await startSqlite();
  const { receivedAt } = point(0, 0);
  const dayMs = 86_400_000;
  await rig.store([
    { ...point(0, 1), at: 0 },
    { ...point(0, 2), at: 1_000, receivedAt: receivedAt - 2 * dayMs },
  ]);
  const [first] = await rig.thread.ask('latest', receivedAt);
  expect(first).toMatchObject({ at: 1_000 });
  await rig.thread.ask('prune', { series: 0, before: receivedAt - dayMs, now: receivedAt, most: 100 });
  const rows = await rig.query({ device: 'ws01', measurement: 'visibility', from: 0, to: 1e15, limit: 9 });
  expect(rows).toEqual([{ at: 0, value: 1 }]);
});

test('what a device with a clock of 2099 measured is forgotten when it came long ago, a bite at a time (T27)', async () => {
  await using rig = await startSqlite();
  const { receivedAt } = point(0, 0);
  const dayMs = 86_400_000;
  const future = receivedAt + 26_000 * dayMs;
  const came = [5, 4, 3, 0.5].map((days) => receivedAt - days * dayMs);
  await rig.store(came.map((at, n) => ({ ...point(0, n), at: future + n, receivedAt: at })));
  const slice = { before: receivedAt - dayMs, now: receivedAt, most: 2 };
  expect(await rig.thread.ask('prune', { series: 0, ...slice })).toEqual({ deleted: 2, next: 1 });
  expect(await rig.thread.ask('prune', { series: 1, ...slice })).toEqual({ deleted: 1, next: 2 });
  const rows = await rig.query({ device: 'ws01', measurement: 'visibility', from: 0, to: 1e15, limit: 9 });
  expect(rows).toEqual([{ at: future + 3, value: 3 }]);
});

test('the newest of each series, whatever comes from the future', async () => {
  await using rig = await startSqlite();
  await rig.store([point(0, 1), point(10, 2), point(9_999_999, 3), point(5, 7, { measurement: 'wind' })]);
  const latest = await rig.thread.ask('latest', point(60, 0).at);
  expect(latest.map(({ measurement, value }) => [measurement, value])).toEqual([
    ['visibility', 2],
    ['wind', 7],
  ]);
});

test('what cannot be stored is an error, and the file goes on', async () => {
  await using rig = await startSqlite();
  await expect(rig.store([point(0, Number.NaN)])).rejects.toMatchObject({ code: 'TELEMETRY_FILE', passing: false });
  await rig.store([point(0, 1)]);
  expect(await rig.query({ device: 'ws01', measurement: 'visibility', from: 0, to: 1e15, limit: 9 })).toHaveLength(1);
});

test.each([
  ['10s', 10_000],
  ['5m', 300_000],
  ['90d', 7_776_000_000],
  ['0s', undefined],
  ['1.5h', undefined],
  ['10', undefined],
])('%s is %s milliseconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test('what comes by the thousand is there once each, however it falls into statements and commits', async () => {
  await using rig = await startSqlite();
  const points = Array.from({ length: 2_077 }, (_, n) => point(n, n % 7));
  await rig.store([...points, ...points.slice(0, 130)]);
  const from = points[0]?.at ?? 0;
  const query = { device: 'ws01', measurement: 'visibility', from, to: from + 10_000_000, limit: 1_000 };
  const buckets = await rig.query({ ...query, everyMs: 7_000 });
  const counts = buckets.map((bucket) => ('count' in bucket ? bucket.count : 0));
  expect(counts.reduce((sum, count) => sum + count)).toBe(points.length);
});
