import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { LandGeoJson, MapConfig } from '../../src/gis/config.ts';
import { gisPlugin } from '../../src/gis/plugin.ts';
import { checkValue } from '../../src/shared/check-value.ts';
import { demoAreas, demoRoads } from './demo-world.ts';

const land: unknown = JSON.parse(readFileSync(new URL('../../demo/config/land.geojson', import.meta.url), 'utf8'));

async function serve(map: unknown) {
  const [config, drawn] = [checkValue(MapConfig, map), checkValue(LandGeoJson, land)];
  if (!config.ok || !drawn.ok) throw new Error('the demo is not valid');
  const app = Fastify();
  await app.register(gisPlugin, { map: config.value, roads: demoRoads, areas: demoAreas(), land: drawn.value });
  return Object.assign(app, { [Symbol.asyncDispose]: () => app.close() });
}

test('the map opens where it is configured, in WGS-84', async () => {
  await using app = await serve({
    title: 'G76 · K1420–K1452',
    center: { lat: 27.3, lon: 105.3, datum: 'gcj02' },
    zoom: 13,
  });
  const answer = (await app.inject('/map')).json();
  expect(answer).toMatchObject({ title: 'G76 · K1420–K1452', zoom: 13 });
  expect(Object.keys(answer.center)).toEqual(['lat', 'lon']);
  expect(answer.center.lat).not.toBe(27.3);
});

test('a site that configured no map still has one', async () => {
  await using app = await serve(undefined);
  expect((await app.inject('/map')).json()).toEqual({ title: '天亮', center: { lat: 35.86, lon: 104.2 }, zoom: 4 });
});

test.each(['roads', 'areas', 'land'])('%s.geojson is served whole', async (name) => {
  await using app = await serve({});
  const response = await app.inject(`/${name}.geojson`);
  const file = new URL(`../../demo/config/${name}.geojson`, import.meta.url);
  expect(response.headers['content-type']).toContain('application/geo+json');
  expect(response.json()).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});

test('every route says who may ask', async () => {
  const declared: unknown[] = [];
  await using app = Fastify();
  app.addHook('onRoute', ({ config }) => void declared.push(config?.access));
  await app.register(gisPlugin, {
    map: { title: 't', center: { lat: 0, lon: 0 }, zoom: 1 },
    roads: demoRoads,
    areas: demoAreas(),
    land: { type: 'FeatureCollection', features: [] },
  });
  expect(new Set(declared)).toEqual(new Set(['any']));
});
