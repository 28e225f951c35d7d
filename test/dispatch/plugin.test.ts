import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { Downlink } from '../../src/dispatch/downlink/downlink.ts';
import { FenceWatch } from '../../src/dispatch/fences/fence-watch.ts';
import { dispatchPlugin } from '../../src/dispatch/plugin.ts';
import type { UnitBoard } from '../../src/dispatch/unit-board.ts';
import { type SeriesQuery, UnitTracks } from '../../src/dispatch/unit-tracks.ts';
import { fencesOf } from '../../src/gis/fence.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';
import type { Store } from '../../src/store/store.ts';
import { demoAreas } from '../gis/demo-world.ts';
import { temporaryStore } from '../helpers/access-house.ts';
import { boardOf, onRoad, start, units } from './world.ts';

const seat = (areas: Actor['areas']): Actor => ({ id: 's1', name: '席1', role: 'seat', areas });

const fencesOn = (board: UnitBoard, store: Store) =>
  new FenceWatch({ fences: fencesOf(demoAreas()), units, board, store });
const downlinkOn = (board: UnitBoard, store: Store) =>
  new Downlink({ store, board, courier: { deliver: async () => {} }, log: silentLog });

async function serve(actor: Actor) {
  const database = await temporaryStore();
  const board = boardOf();
  const fences = fencesOn(board, database.store);
  const move = board.position({ ...onRoad('xun7', 1_432_300, 0), speed: 12, heading: 40, battery: 70 });
  if (move) await fences.moved(move);
  const series = async ({ device, measurement }: SeriesQuery) =>
    device === 'xun7' ? [{ at: start, value: measurement === 'lat' ? 27.3012 : 105.2896 }] : [];
  const app = Fastify({ ajv: { customOptions: { removeAdditional: false } } });
  app.addHook('onClose', () => database[Symbol.asyncDispose]());
  const tracks = new UnitTracks(series);
  const downlink = downlinkOn(board, database.store);
  await app.register(dispatchPlugin, { units: board, tracks, fences, downlink, actorOf: () => actor });
  return Object.assign(app, { [Symbol.asyncDispose]: () => app.close() });
}

test('every route says who may ask, and stands below the prefix of the house', async () => {
  await using database = await temporaryStore();
  const declared: unknown[] = [];
  const urls = new Set<string>();
  await using app = Fastify();
  app.addHook('onRoute', ({ config, url }) => {
    declared.push(config?.access);
    urls.add(url);
  });
  const board = boardOf();
  await app.register(dispatchPlugin, {
    prefix: '/api/v1',
    units: board,
    tracks: new UnitTracks(async () => []),
    fences: fencesOn(board, database.store),
    downlink: downlinkOn(board, database.store),
    actorOf: () => seat('all'),
  });
  expect(declared).not.toContain(undefined);
  const below = ['', '/:id', '/:id/fences', '/:id/messages', '/:id/track', '.geojson'];
  expect([...urls].toSorted()).toEqual(below.map((path) => `/api/v1/units${path}`).toSorted());
});

test('a seat sees the units of its areas and those of none, whole', async () => {
  await using app = await serve(seat(['west']));
  const { items } = (await app.inject('/units')).json();
  expect(items.map(({ id }: { id: string }) => id)).toEqual(['xun7', 'zheng1']);
  expect(items[0]).toMatchObject({
    online: true,
    speed: 12,
    battery: 70,
    road: 'G76',
    stake: 'K1432+300',
    carriageway: 'down',
  });
});

test('a unit of another area and one that does not exist are equally not found', async () => {
  await using app = await serve(seat(['west']));
  for (const path of ['/units/lu6', '/units/xun99', '/units/lu6/track', '/units/lu6/fences', '/units/__proto__']) {
    const response = await app.inject(path);
    expect(response.statusCode).toBe(404);
    expect(response.json().code).toBe('UNIT_NOT_FOUND');
  }
  expect((await app.inject('/units/xun7')).json()).toMatchObject({ id: 'xun7', name: '巡7' });
});

test('pages follow one another and end', async () => {
  await using app = await serve(seat('all'));
  const first = (await app.inject('/units?limit=2')).json();
  expect(first.items.map(({ id }: { id: string }) => id)).toEqual(['lu6', 'xun7']);
  const second = (await app.inject(`/units?limit=2&cursor=${first.next}`)).json();
  expect(second.items.map(({ id }: { id: string }) => id)).toEqual(['zheng1']);
  expect(second.next).toBeUndefined();
  expect((await app.inject('/units?limit=1001')).statusCode).toBe(400);
});

test('units are GeoJSON points, longitude first, without geometry when nowhere', async () => {
  await using app = await serve(seat(['west']));
  const response = await app.inject('/units.geojson');
  expect(response.headers['content-type']).toContain('application/geo+json');
  const [there, nowhere] = response.json().features;
  expect(there).toMatchObject({
    type: 'Feature',
    properties: { id: 'xun7', heading: 40 },
    geometry: { type: 'Point' },
  });
  expect(there.geometry.coordinates[0]).toBeCloseTo(105.29, 1);
  expect(nowhere).toMatchObject({ properties: { id: 'zheng1', status: 'off' }, geometry: null });
});

test('a track is asked from its terminal, the last ten minutes by default, as a list and as GeoJSON', async () => {
  await using app = await serve(seat('all'));
  const [lat, lon, at] = [27.3012, 105.2896, '2026-11-21T02:47:00.000Z'];
  const pair = [lon, lat];
  expect((await app.inject('/units/xun7/track?tolerance=20')).json()).toEqual({
    type: 'Feature',
    geometry: { type: 'MultiLineString', coordinates: [[pair, pair]] },
    properties: { unit: 'xun7', tolerance: 20, gap: 300, coordTimes: [[at, at]] },
    items: [{ at, lat, lon }],
  });
  const nothing = (await app.inject('/units/lu6/track')).json();
  expect(nothing).toMatchObject({ geometry: null, properties: { tolerance: 5, coordTimes: [] }, items: [] });
  expect((await app.inject('/units/xun7/track?from=2026-11-21T02:00:00Z&to=2026-11-21T01:00:00Z')).statusCode).toBe(
    400,
  );
  expect((await app.inject('/units/xun7/track?from=yesterday')).statusCode).toBe(400);
});

test('how a unit came and went is told newest first, by time and page by page', async () => {
  await using app = await serve(seat('all'));
  const entered = { fence: 'west', name: '西段辖区', kind: 'enter', at: '2026-11-21T02:47:00.000Z' };
  const { items } = (await app.inject('/units/xun7/fences')).json();
  expect(items).toMatchObject([{ ...entered, position: { lat: expect.closeTo(27.3, 1) } }]);
  expect((await app.inject('/units/xun7')).json().fences).toEqual(['west']);
  const page = (await app.inject('/units/xun7/fences?limit=1')).json();
  expect((await app.inject(`/units/xun7/fences?limit=1&cursor=${page.next}`)).json()).toEqual({ items: [] });
  expect((await app.inject('/units/xun7/fences?to=2026-11-21T02:47:00Z')).json()).toEqual({ items: [] });
  expect((await app.inject('/units/xun7/fences?from=yesterday')).statusCode).toBe(400);
});
