import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { UnitConfig } from '../../../src/dispatch/config.ts';
import { FenceWatch } from '../../../src/dispatch/fences/fence-watch.ts';
import { UnitBoard } from '../../../src/dispatch/unit-board.ts';
import { destination } from '../../../src/gis/distance.ts';
import { fencesOf } from '../../../src/gis/fence.ts';
import { silentLog } from '../../../src/shared/log.ts';
import type { Store } from '../../../src/store/store.ts';
import { temporaryStore } from '../../helpers/access-house.ts';

const start = Date.parse('2026-11-21T02:47:00Z');
const corner = { lat: 27.3, lon: 105.29 };
const seconds = (count: number) => new Date(start + count * 1_000);
/** So many metres east of the west edge, well away from the others. */
const deep = (meters: number) => destination(destination(corner, 0, 500), 90, meters);

const units: readonly UnitConfig[] = [
  { id: 'xun7', name: '巡7', kind: 'patrol', skills: [], area: 'west' },
  { id: 'lu6', name: '路6', kind: 'road', skills: [], terminal: 'radio-6' },
];

function square(id: string, fence?: boolean) {
  const [east, north] = [destination(corner, 90, 1_000), destination(corner, 0, 1_000)];
  const ring: [number, number][] = [
    [corner.lon, corner.lat],
    [east.lon, corner.lat],
    [east.lon, north.lat],
    [corner.lon, north.lat],
    [corner.lon, corner.lat],
  ];
  const properties = { id, name: `${id}区`, ...(fence !== undefined && { fence }) };
  return { type: 'Feature' as const, properties, geometry: { type: 'Polygon' as const, coordinates: [ring] } };
}

/** `works` counts for all, `west` for those that belong to it, `east` for nobody. */
const fences = fencesOf({
  type: 'FeatureCollection',
  features: [square('works', true), square('west'), square('east', false)],
});

/** A watch as it is after a start of the process. */
async function watchOn(store: Store) {
  const board = new UnitBoard({ units, find: (given) => given, latest: async () => [], log: silentLog });
  const watch = new FenceWatch({ fences, units, board, store });
  await watch.start();
  const hear = async (device: string, meters: number, at: number) => {
    const move = board.position({ device, at: seconds(at), point: deep(meters), accuracy: 5 });
    if (move) await watch.moved(move);
  };
  const crossed = async (unit: string) => {
    const rows = await watch.crossings({ unit, limit: 100 });
    return rows.toReversed().map(({ fence, kind, at }) => `${kind} ${fence} ${(at.getTime() - start) / 1_000}`);
  };
  return { board, watch, hear, crossed };
}

test('a unit crosses the fences for all and the ground it belongs to, and carries where it is', async () => {
  await using database = await temporaryStore();
  const { board, hear, crossed } = await watchOn(database.store);
  await hear('xun7', -100, 0);
  await hear('radio-6', -100, 0);
  expect(board.get('xun7')).not.toHaveProperty('fences');
  await hear('xun7', 50, 10);
  await hear('radio-6', 50, 10);
  expect(board.get('xun7')?.fences).toEqual(['works', 'west']);
  expect(board.get('lu6')?.fences).toEqual(['works']);
  await hear('xun7', -20, 20);
  expect(board.get('xun7')?.fences).toEqual(['works', 'west']);
  await hear('xun7', -40, 30);
  expect(board.get('xun7')).not.toHaveProperty('fences');
  expect(await crossed('xun7')).toEqual(
    expect.arrayContaining(['enter works 10', 'enter west 10', 'leave works 30', 'leave west 30']),
  );
  expect(await crossed('lu6')).toEqual(['enter works 10']);
});

test('two fixes in a row just inside enter, one does not', async () => {
  await using database = await temporaryStore();
  const { hear, crossed } = await watchOn(database.store);
  await hear('radio-6', 3, 0);
  await hear('radio-6', -3, 10);
  await hear('radio-6', 3, 20);
  expect(await crossed('lu6')).toEqual([]);
  await hear('radio-6', 2, 30);
  expect(await crossed('lu6')).toEqual(['enter works 30']);
});

test('late fixes, the same fix again, 0/0 and jumps cross nothing', async () => {
  await using database = await temporaryStore();
  const { board, watch, hear, crossed } = await watchOn(database.store);
  await hear('radio-6', 50, 10);
  await hear('radio-6', -500, 5);
  await hear('radio-6', 50, 10);
  expect(board.position({ device: 'radio-6', at: seconds(20), point: { lat: 0, lon: 0 } })).toBeUndefined();
  await hear('radio-6', -40_000, 30);
  expect(await crossed('lu6')).toEqual(['enter works 10']);
  expect(watch.nameOf('works')).toBe('works区');
});

test('after a restart a unit is where it was, and the message before the crash crosses nothing again', async () => {
  await using database = await temporaryStore();
  const before = await watchOn(database.store);
  await before.hear('xun7', 50, 10);

  const after = await watchOn(database.store);
  expect(after.board.get('xun7')?.fences).toEqual(['works', 'west']);
  await after.hear('xun7', 50, 10);
  await after.hear('xun7', 60, 20);
  expect(await after.crossed('xun7')).toHaveLength(2);
  await after.hear('xun7', -50, 30);
  expect((await after.crossed('xun7')).slice(2).toSorted()).toEqual(['leave west 30', 'leave works 30']);
});

test('what two deliveries of a move would cross is on disk once', async () => {
  await using database = await temporaryStore();
  const { watch, crossed } = await watchOn(database.store);
  const move = { unit: 'lu6', fix: { at: seconds(10), point: deep(50) } };
  await Promise.all([watch.moved(move), watch.moved(move)]);
  expect(await crossed('lu6')).toEqual(['enter works 10']);
});

test('a crossing that cannot be written is none: the next fix crosses', async () => {
  await using database = await temporaryStore();
  const { board, watch, hear, crossed } = await watchOn(database.store);
  await sql`ALTER TABLE fence_crossings RENAME TO elsewhere`.execute(database.store.db);
  await expect(watch.moved({ unit: 'lu6', fix: { at: seconds(0), point: deep(50) } })).rejects.toMatchObject({
    code: 'STORE_FAILED',
  });
  expect(board.get('lu6')).not.toHaveProperty('fences');
  await sql`ALTER TABLE elsewhere RENAME TO fence_crossings`.execute(database.store.db);
  await hear('radio-6', 55, 10);
  expect(await crossed('lu6')).toEqual(['enter works 10']);
});

test('crossings are asked by time and page by page', async () => {
  await using database = await temporaryStore();
  const { watch, hear } = await watchOn(database.store);
  for (let turn = 0; turn < 6; turn += 1) await hear('radio-6', turn % 2 === 0 ? 50 : -50, turn * 10);
  const times = (rows: readonly { at: Date }[]) => rows.map(({ at }) => (at.getTime() - start) / 1_000);
  const first = await watch.crossings({ unit: 'lu6', limit: 4 });
  expect(times(first)).toEqual([50, 40, 30, 20]);
  expect(times(await watch.crossings({ unit: 'lu6', limit: 4, before: first.at(-1)?.id }))).toEqual([10, 0]);
  expect(times(await watch.crossings({ unit: 'lu6', limit: 9, from: seconds(10), to: seconds(30) }))).toEqual([20, 10]);
});
