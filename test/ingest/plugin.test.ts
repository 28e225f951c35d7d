import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { ingestPlugin } from '../../src/ingest/plugin.ts';
import { type Actor, systemActor } from '../../src/shared/actor.ts';
import { connectDevice, now, scratch, startIngest, until } from './rig.ts';

const devices = [
  { id: 'xun1', password: 'xun1-secret', kind: 'terminal' as const, name: '巡1', area: 'east' },
  { id: 'xun7', password: 'xun7-secret', kind: 'terminal' as const, name: '巡7', area: 'west' },
  { id: 'ws01', password: 'ws01-secret', kind: 'sensor' as const, name: '雾1' },
];

type AreaOf = NonNullable<Parameters<typeof ingestPlugin>[1]['areaOf']>;

async function startApp(actor: Actor = systemActor, areaOf?: AreaOf) {
  const directory = await scratch();
  const rig = await startIngest(directory.path, { devices });
  const app = Fastify().withTypeProvider<TypeBoxTypeProvider>();
  await app.register(ingestPlugin, { ingest: rig.ingest, actorOf: () => actor, ...(areaOf && { areaOf }) });
  const get = async (url: string) => {
    const response = await app.inject(url);
    return { status: response.statusCode, body: response.json() };
  };
  const stop = async () => {
    await app.close();
    await rig.ingest.close();
    await directory[Symbol.asyncDispose]();
  };
  return { ...rig, get, [Symbol.asyncDispose]: stop };
}

test('devices are listed by id, filtered, page by page; never with a password', async () => {
  await using app = await startApp();
  const all = await app.get('/devices');
  expect(all.body.items.map(({ id }: { id: string }) => id)).toEqual(['ws01', 'xun1', 'xun7']);
  expect(JSON.stringify(all.body)).not.toContain('secret');
  expect((await app.get('/devices?kind=terminal&limit=1')).body).toMatchObject({
    items: [{ id: 'xun1' }],
    next: 'xun1',
  });
  expect((await app.get('/devices?kind=terminal&limit=1&cursor=xun1')).body.items).toMatchObject([{ id: 'xun7' }]);
  expect((await app.get(`/devices?q=${encodeURIComponent('雾')}`)).body.items).toMatchObject([{ id: 'ws01' }]);
  expect((await app.get('/devices?limit=1000000000')).status).toBe(400);
});

test("another area's device is not there", async () => {
  const actor: Actor = { id: 's', name: 's', role: 'seat', areas: ['east'] };
  await using app = await startApp(actor);
  expect((await app.get('/devices')).body.items.map(({ id }: { id: string }) => id)).toEqual(['ws01', 'xun1']);
  expect((await app.get('/devices/xun1')).status).toBe(200);
  for (const path of ['/devices/xun7', '/devices/nobody', '/telemetry?device=xun7&measurement=speed'])
    expect(await app.get(path)).toMatchObject({ status: 404, body: { code: 'DEVICE_NOT_FOUND' } });
});

test('a device is where the house says it is, also when its own entry says nothing', async () => {
  const actor: Actor = { id: 'e', name: 'e', role: 'engineer', areas: ['east'] };
  await using app = await startApp(actor, ({ id }) => (id === 'ws01' ? 'west' : 'east'));
  expect((await app.get('/devices')).body.items.map(({ id }: { id: string }) => id)).toEqual(['xun1', 'xun7']);
  expect((await app.get('/telemetry?device=ws01&measurement=visibility')).status).toBe(404);
});

test('a series with its unit, as it is and down-sampled', async () => {
  await using app = await startApp();
  await using station = await connectDevice(app.url, 'ws01');
  const at = now();
  for (const visibility of [180, 220])
    await station.publish('tianliang/sensors/ws01/reading', { at, values: { visibility } });
  await until('both', () => app.messages.length === 2);
  expect((await app.get('/telemetry?device=ws01&measurement=visibility')).body).toEqual({
    device: 'ws01',
    measurement: 'visibility',
    unit: 'm',
    points: [
      { at, value: 180 },
      { at, value: 220 },
    ],
  });
  expect((await app.get('/telemetry?device=ws01&measurement=visibility&every=1d')).body.points).toMatchObject([
    { min: 180, mean: 200, max: 220, count: 2 },
  ]);
  await until('the registry', async () => (await app.get('/devices/ws01')).body.values?.visibility === 220);
});

test.each([
  'from=yesterday',
  'from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z',
  'every=0s',
  'every=1y',
  'limit=0',
  'limit=5000',
])('%s is refused', async (query) => {
  await using app = await startApp();
  expect((await app.get(`/telemetry?device=ws01&measurement=visibility&${query}`)).status).toBe(400);
});

test('what nothing takes and what is wrong is there to be looked at, but for devices of another area', async () => {
  const actor: Actor = { id: 'e', name: 'e', role: 'engineer', areas: ['east'] };
  await using app = await startApp(actor);
  await using station = await connectDevice(app.url, 'ws01');
  await using stranger = await connectDevice(app.url, 'xun7');
  await station.publish('plant/ws01/env', { vis: 180 });
  await station.publish('plant/ws01/env', 'vis=190');
  await station.publish('owntracks/nobody/phone', '{}');
  await station.publish('tianliang/sensors/ws01/reading', 'oops');
  await stranger.publish('plant/xun7/env', 'x');
  await stranger.publish('tianliang/terminals/xun7/position', 'x');
  const { status, body } = await app.get('/ingest/samples');
  expect(status).toBe(200);
  const sample = { at: expect.any(String), device: 'ws01', bytes: 4, reason: 'not-json', payload: 'oops' };
  expect(body).toEqual({
    unknown: [
      {
        topic: 'owntracks/nobody/phone',
        count: 1,
        lastAt: expect.any(String),
        samples: [{ ...sample, reason: 'unknown-device', payload: '{}', bytes: 2 }],
      },
      {
        topic: 'plant/ws01/env',
        count: 2,
        lastAt: expect.any(String),
        samples: [
          { ...sample, reason: 'unknown-topic', payload: '{"vis":180}', bytes: 11 },
          { ...sample, reason: 'unknown-topic', payload: 'vis=190', bytes: 7 },
        ],
      },
    ],
    wrong: [{ topic: 'tianliang/sensors/+/reading', samples: [sample] }],
  });
});
