import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { incidentFeedPlugin } from '../../../../src/dispatch/incidents/feed/plugin.ts';
import { manhole, openLoop, seat, southSeat } from '../incident-fixtures.ts';

test('open incidents are GeoJSON, of the areas of who asks, and answered with 304 while nothing changes', async () => {
  await using loop = await openLoop();
  await using app = Fastify();
  const actorOf = ({ headers }: { headers: Record<string, unknown> }) => (headers['x-actor'] ? southSeat : seat);
  await app.register(incidentFeedPlugin, { book: loop.book, actorOf });
  const get = (headers = {}) => app.inject({ url: '/feeds/incidents.geojson', headers });
  const { id } = await loop.desk.open(manhole(), { actor: seat });
  const first = await get();
  expect(first.headers['content-type']).toMatch(/^application\/geo\+json/);
  expect(first.json()).toMatchObject({
    type: 'FeatureCollection',
    features: [{ geometry: { type: 'Point', coordinates: [105.29, 27.3] }, properties: { id, state: 'received' } }],
  });
  const known = { 'if-none-match': `${first.headers.etag}` };
  expect((await get(known)).statusCode).toBe(304);
  expect((await get({ 'x-actor': 'south' })).json().features).toEqual([]);
  await loop.desk.decide(id, { type: 'close', reason: '重复' }, { actor: seat });
  const after = await get(known);
  expect([after.statusCode, after.json().features]).toEqual([200, []]);
});
