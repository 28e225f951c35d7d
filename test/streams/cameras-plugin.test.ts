import Fastify, { type FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import type { Actor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';
import { CameraStreams } from '../../src/streams/camera-streams.ts';
import { camerasPlugin } from '../../src/streams/cameras/plugin.ts';
import { resolveCameras } from '../../src/streams/resolve-cameras.ts';

const seat: Actor = { id: 's', name: 'seat', role: 'seat', areas: ['west'] };

const plan = { added: ['new'], removed: [], changed: [{ id: 'a', fields: ['source'] }] };

async function startApi({ ledgerDown = false, actor = seat, ptz = async () => {} } = {}) {
  const road = { id: 'G76', stake: 'K1432+300', carriageway: 'down' as const };
  const login = { username: 'operator', password: 'canary-secret' };
  const source = 'rtsp://other:canary-too@10.255.255.1/1';
  const cameras = resolveCameras({
    defaults: login,
    cameras: [
      { id: 'a', name: '桥', source, area: 'west', position: { lat: 27.3, lon: 105.3 }, road },
      { id: 'b', source, area: 'west', tags: ['Tunnel'] },
      { id: 'c', source, position: { lat: 28.3, lon: 105.3 } },
      { id: 'd', source, area: 'east', position: { lat: 27.3, lon: 105.3 } },
    ],
  });
  const streams = new CameraStreams({
    cameras,
    resolveOnvif: () => Promise.reject(new Error('none')),
    ffmpegPath: 'ffmpeg',
    log: silentLog,
  });
  const done: unknown[] = [];
  const app = Fastify();
  await app.register(camerasPlugin, {
    prefix: '/api/v1',
    streams,
    actorOf: (_: FastifyRequest) => actor,
    issueTicket: async (actor, camera) => ({ ticket: `${actor.id}/${camera}`, expiresAt: new Date(0) }),
    begin: async (...deeds) => {
      done.push(...deeds.map(({ action }) => action));
      if (ledgerDown) throw new Error('the ledger is down');
      return async ({ result }) => void done.push(result);
    },
    site: {
      plan: async () => plan,
      apply: async ({ name }) => {
        done.push(`applied by ${name}`);
        return plan;
      },
    },
    selfTest: {
      relearn: async (camera) => {
        done.push(['relearn', camera]);
      },
    },
    tools: {
      ptz: async (camera, command) => {
        done.push([camera, command]);
        await ptz();
      },
      discover: async () => [{ address: '10.0.0.1', source: 'onvif://10.0.0.1/' }],
      probe: async () => [{ stage: 'dns', ok: false, ms: 3, code: 'dns', message: 'no' }],
    },
  });
  return { app, done, [Symbol.asyncDispose]: () => app.close() };
}

const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

test.each([
  ['', ['a', 'b', 'c']],
  ['?q=桥', ['a']],
  ['?q=tunnel', ['b']],
  ['?q=k1432%2B3', ['a']],
  ['?area=west', ['a', 'b']],
  ['?area=east', []],
  ['?state=idle', ['a', 'b', 'c']],
  ['?state=live', []],
  ['?bbox=105,27,106,28', ['a']],
  ['?cursor=a', ['b', 'c']],
])('GET /cameras%s lists what the actor may see and asks for', async (query, expected) => {
  await using api = await startApi();
  const response = await api.app.inject(`/api/v1/cameras${query}`);
  expect(ids(response.json())).toEqual(expected);
  expect(response.body).not.toMatch(/canary|rtsp:|10\.255/);
});

test('a page ends with the cursor of the next; a bbox that is none is refused', async () => {
  await using api = await startApi();
  expect((await api.app.inject('/api/v1/cameras?limit=2')).json()).toMatchObject({ next: 'b' });
  expect((await api.app.inject('/api/v1/cameras?bbox=1,2,3')).statusCode).toBe(400);
});

test("another area's camera does not exist, on any route", async () => {
  await using api = await startApi();
  const routes = ['GET /cameras/d', 'GET /cameras/d/snapshot.jpg', 'POST /cameras/d/ticket', 'POST /cameras/d/ptz'];
  for (const route of [...routes, 'GET /cameras/nobody']) {
    const [method = '', path] = route.split(' ');
    const { statusCode } = await api.app.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      ...(method === 'POST' && { payload: {} }),
    });
    expect([route, statusCode]).toEqual([route, 404]);
  }
  const probe = { method: 'POST', url: '/api/v1/cameras/probe', payload: { id: 'd' } } as const;
  expect((await api.app.inject(probe)).statusCode).toBe(404);
  expect(api.done).toEqual([]);
});

test('one camera, the map layer and a ticket', async () => {
  await using api = await startApi();
  const camera = (await api.app.inject('/api/v1/cameras/a')).json();
  expect(camera).toMatchObject({
    id: 'a',
    road: 'G76',
    stake: 'K1432+300',
    carriageway: 'down',
    viewers: 0,
    detect: false,
  });
  expect(camera.state.phase).toBe('idle');
  const layer = await api.app.inject('/api/v1/cameras.geojson');
  expect(layer.headers['content-type']).toContain('application/geo+json');
  const features: { properties: { id: string }; geometry: unknown }[] = layer.json().features;
  expect(features.map(({ properties, geometry }) => [properties.id, geometry])).toEqual([
    ['a', { type: 'Point', coordinates: [105.3, 27.3] }],
    ['b', null],
    ['c', { type: 'Point', coordinates: [105.3, 28.3] }],
  ]);
  const ticket = await api.app.inject({ method: 'POST', url: '/api/v1/cameras/a/ticket', payload: {} });
  expect(ticket.json()).toEqual({ ticket: 's/a', expiresAt: '1970-01-01T00:00:00.000Z' });
  const bare = await api.app.inject({ method: 'POST', url: '/api/v1/cameras/a/ticket' });
  expect(bare.json()).toMatchObject({ ticket: 's/a' });
});

test('a camera moves only when it can be told of, and how it ended is told once', async () => {
  const command = { method: 'POST', url: '/api/v1/cameras/a/ptz', payload: { pan: 0.5 } } as const;
  await using api = await startApi();
  expect((await api.app.inject(command)).statusCode).toBe(204);
  expect(api.done).toEqual(['camera.ptz', ['a', { pan: 0.5, seconds: 0.5 }], 'ok']);
  const ptz = () => Promise.reject(new Error('it is stuck'));
  await using stuck = await startApi({ ptz });
  expect((await stuck.app.inject(command)).statusCode).toBe(500);
  expect(stuck.done.slice(2)).toEqual(['failed']);
  await using broken = await startApi({ ledgerDown: true });
  expect((await broken.app.inject(command)).statusCode).toBe(500);
  expect(broken.done).toEqual(['camera.ptz']);
});

test('what a camera sees becomes its view only when it can be told of', async () => {
  const scene = { method: 'POST', url: '/api/v1/cameras/a/scene' } as const;
  await using api = await startApi();
  expect((await api.app.inject(scene)).statusCode).toBe(204);
  expect(api.done).toEqual(['camera.scene', ['relearn', 'a'], 'ok']);
  expect((await api.app.inject({ ...scene, url: '/api/v1/cameras/d/scene' })).statusCode).toBe(404);
  await using broken = await startApi({ ledgerDown: true });
  expect((await broken.app.inject(scene)).statusCode).toBe(500);
  expect(broken.done).toEqual(['camera.scene']);
});

test('discover and probe answer what their ports found', async () => {
  await using api = await startApi();
  const post = (path: string) => api.app.inject({ method: 'POST', url: `/api/v1/cameras/${path}`, payload: {} });
  expect((await post('discover')).json().items).toHaveLength(1);
  expect((await post('probe')).json().stages).toEqual([{ stage: 'dns', ok: false, ms: 3, code: 'dns', message: 'no' }]);
});

test('an engineer of all areas compares and applies the files of cameras; one of some areas is refused', async () => {
  const engineer: Actor = { id: 'e', name: 'engineer', role: 'engineer', areas: 'all' };
  await using api = await startApi({ actor: engineer });
  expect((await api.app.inject('/api/v1/cameras/plan')).json()).toEqual(plan);
  expect((await api.app.inject({ method: 'POST', url: '/api/v1/cameras/apply' })).json()).toEqual(plan);
  expect(api.done).toEqual(['applied by engineer']);
  await using other = await startApi({ actor: { ...engineer, areas: ['west'] } });
  for (const [method, url] of [['GET', '/api/v1/cameras/plan'] as const, ['POST', '/api/v1/cameras/apply'] as const]) {
    expect((await other.app.inject({ method, url })).statusCode).toBe(403);
  }
  expect(other.done).toEqual([]);
});
