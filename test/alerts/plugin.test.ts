import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { type AlertClip, alertsPlugin } from '../../src/alerts/plugin.ts';
import { packTrace, type SeenBox } from '../../src/alerts/traces/trace.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { putAlertTrace } from '../../src/store/alert-traces-repository.ts';
import { fog, openDesk, seat, second, southSeat } from './alert-fixtures.ts';

const from = new Date('2026-11-21T08:00:00.000Z');
const clip = async (): Promise<AlertClip> => ({ from, to: from, bytes: 4, stream: () => Readable.from(['clip']) });

/** The plugin behind an access hook of one line: the actor is named in a header. */
async function openHttp() {
  const world = await openDesk();
  const actors: Record<string, Actor> = { seat, south: southSeat };
  const app = Fastify();
  const actorOf = ({ headers }: { headers: Record<string, unknown> }) => actors[String(headers['x-actor'])] ?? seat;
  await app.register(alertsPlugin, { prefix: '/api/v1', desk: world.desk, actorOf, clip });
  return {
    ...world,
    app,
    async [Symbol.asyncDispose]() {
      await app.close();
      await world[Symbol.asyncDispose]();
    },
  };
}

test('alerts are listed, filtered by repeated words, and read one by one', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog());
  const page = await http.app.inject('/api/v1/alerts?state=raised&state=acknowledged&kind=low-visibility&limit=1');
  expect(page.json()).toMatchObject({ items: [{ id, state: 'raised', reasons: [{ value: 180 }] }], next: id });
  expect((await http.app.inject('/api/v1/alerts?state=confirmed')).json()).toEqual({ items: [] });
  expect((await http.app.inject('/api/v1/alerts?state=gone')).statusCode).toBe(400);
  expect((await http.app.inject('/api/v1/alerts?limit=1001')).statusCode).toBe(400);
  expect((await http.app.inject(`/api/v1/alerts/${id}`)).json()).toEqual(await http.desk.get(id));
});

test('an alert of a rule on pictures is read with what fired it, also after it was seen again', async () => {
  await using http = await openHttp();
  const why = {
    rule: 'crossing',
    at: second(0).toISOString(),
    place: {
      type: 'line' as const,
      id: 'edge',
      name: '界线 edge',
      points: [[0, 0.5] as [number, number], [1, 0.5] as [number, number]],
    },
    things: [{ label: 'person', score: 0.6, seconds: 4, x: 0.1, y: 0.2, width: 0.1, height: 0.3 }],
    dwell: 4,
    limits: { objects: ['person'], score: 0.4, dwell: 0, minSize: 0, cooldown: 0, clear: 10, direction: 'both' },
    schedule: { when: 'night', weekdays: ['sat'], hours: ['22:00-06:00'], sun: -31.4 },
  };
  const { id } = await http.desk.observe(fog({ kind: 'line-crossed', why }));
  await http.desk.observe(fog({ kind: 'line-crossed', at: second(1), severity: 'major', why: { ...why, dwell: 5 } }));
  const answer = (await http.app.inject(`/api/v1/alerts/${id}`)).json();
  expect(answer).toMatchObject({ version: 2, severity: 'major' });
  expect(answer.why).toEqual(why);
});

test('the map gets the open alerts as points, longitude first', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog());
  const closed = await http.desk.observe(fog({ key: 'other' }));
  await http.desk.dismiss(closed.id, seat, { reason: '误报' });
  const answer = await http.app.inject('/api/v1/alerts.geojson');
  expect(answer.headers['content-type']).toContain('application/geo+json');
  expect(answer.json()).toMatchObject({
    type: 'FeatureCollection',
    features: [
      {
        geometry: { type: 'Point', coordinates: [105.29, 27.3] },
        properties: { id, kind: 'low-visibility', position: { errorMeters: 10 } },
      },
    ],
  });
  expect(answer.json().features).toHaveLength(1);
});

test('a seat acknowledges, releases, confirms and dismisses; without a body or with the version it saw', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog());
  const post = (path: string, payload?: object) =>
    http.app.inject({ method: 'POST', url: `/api/v1/alerts/${id}/${path}`, ...(payload && { payload }) });
  expect((await post('acknowledge')).json()).toMatchObject({ state: 'acknowledged', acknowledgedBy: { name: '席1' } });
  expect((await post('release', { version: 2 })).json()).toMatchObject({ state: 'raised', version: 3 });
  const stale = await post('confirm', { version: 2 });
  expect(stale.statusCode).toBe(409);
  expect(stale.json()).toMatchObject({ code: 'ALERT_STALE' });
  expect((await post('dismiss')).statusCode).toBe(400);
  expect((await post('dismiss', { reason: '' })).statusCode).toBe(400);
  expect((await post('dismiss', { reason: '阴影' })).json()).toMatchObject({
    state: 'dismissed',
    dismissReason: '阴影',
  });
  expect((await post('confirm')).statusCode).toBe(409);
});

test("a foreign area's alert answers 404 to everything", async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog({ snapshot: new Uint8Array([1]) }));
  const headers = { 'x-actor': 'south' };
  for (const path of ['', '/snapshot.jpg']) {
    expect((await http.app.inject({ url: `/api/v1/alerts/${id}${path}`, headers })).statusCode).toBe(404);
  }
  for (const move of ['acknowledge', 'release', 'confirm']) {
    const url = `/api/v1/alerts/${id}/${move}`;
    expect((await http.app.inject({ method: 'POST', url, headers })).statusCode).toBe(404);
  }
  expect((await http.app.inject({ url: '/api/v1/alerts', headers })).json()).toEqual({ items: [] });
});

test('a snapshot is a JPEG nobody keeps', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog({ snapshot: new Uint8Array([0xff, 0xd8, 0xff]) }));
  const answer = await http.app.inject(`/api/v1/alerts/${id}/snapshot.jpg`);
  expect(answer.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'private, no-store' });
  expect([...answer.rawPayload]).toEqual([0xff, 0xd8, 0xff]);
});

test('what a camera recorded of an alert is a download, for those who may see the alert', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog());
  const answer = await http.app.inject(`/api/v1/alerts/${id}/clip.mp4`);
  expect(answer.headers).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': '4',
    'content-disposition': `attachment; filename="${id}.mp4"`,
    'x-recording-from': '2026-11-21T08:00:00.000Z',
  });
  expect(answer.body).toBe('clip');
  expect((await http.app.inject('/api/v1/alerts/nobody-has-this/clip.mp4')).statusCode).toBe(404);
});

test('what was merged is listed with why, and taken apart by a seat that sees it', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog());
  const near = { key: 'fog:ws07', sensor: 'ws07', position: { lat: 27.30036, lon: 105.29 } };
  const { mergedFrom } = await http.desk.observe(fog(near));
  const [part] = mergedFrom;
  const unmerge = (payload: object, actor = 'seat') =>
    http.app.inject({ method: 'POST', url: `/api/v1/alerts/${id}/unmerge`, payload, headers: { 'x-actor': actor } });
  expect((await http.app.inject(`/api/v1/alerts/${id}`)).json()).toMatchObject({
    mergedFrom: [part],
    merged: [
      { id, sensor: 'ws06' },
      { id: part, sensor: 'ws07', because: { text: '相距 40 m、相隔 0 s' } },
    ],
  });
  expect((await http.app.inject(`/api/v1/alerts/${part}`)).json()).toMatchObject({ mergedInto: id });
  expect((await unmerge({ part }, 'south')).statusCode).toBe(404);
  expect((await unmerge({ part: id })).json()).toMatchObject({ code: 'ALERT_MERGED' });
  expect((await unmerge({ part, version: 2 })).json()).toMatchObject({ id, version: 3, mergedFrom: [] });
  expect((await http.app.inject('/api/v1/alerts')).json().items).toHaveLength(2);
});

test('every route says who may: all read, seats and reviewers decide', async () => {
  const declared = new Map<string, unknown>();
  const app = Fastify();
  app.addHook('onRoute', ({ method, url, config }) => void declared.set(`${method} ${url}`, config?.access));
  await using world = await openDesk();
  await app.register(alertsPlugin, { desk: world.desk, actorOf: () => seat, clip });
  const deciders = [...declared].filter(([route]) => route.startsWith('POST'));
  expect(deciders.map(([, access]) => access)).toEqual(Array.from({ length: 5 }, () => ['seat', 'reviewer']));
  const reads = [...declared].filter(([route]) => !route.startsWith('POST') && !route.includes('clip'));
  expect(reads.every(([, access]) => access === 'any')).toBe(true);
  expect(declared.get('GET /alerts/:id/clip.mp4')).toEqual(['reviewer']);
  await app.close();
});

test('what an alert was raised from is read by who may read the alert', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog());
  const path = `/api/v1/alerts/${id}/trace`;
  expect((await http.app.inject(path)).statusCode).toBe(404);
  const looks = [
    { ms: 0, seen: [['person', 0.6, 0.5, 0.4, 0.05, 0.25] satisfies SeenBox] },
    { ms: 500, seen: [] },
  ];
  const trace = { type: 'camera' as const, camera: 'a', from: from.toISOString(), aspect: 1.5, leastScore: 0.2, looks };
  await putAlertTrace(http.store.db, id, await packTrace(trace));
  expect((await http.app.inject(path)).json()).toEqual(trace);
  expect((await http.app.inject({ url: path, headers: { 'x-actor': 'south' } })).statusCode).toBe(404);
});
