import Fastify from 'fastify';
import sharp from 'sharp';
import type { TSchema } from 'typebox';
import { expect, test } from 'vitest';
import { incidentsPlugin } from '../../../src/dispatch/incidents/plugin.ts';
import { requestValidator } from '../../../src/http/invalid-request.ts';
import { renderError } from '../../../src/http/problem.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { fog } from '../../alerts/alert-fixtures.ts';
import { type LoopOptions, manhole, openLoop, otherPatrol, patrol, seat, southSeat } from './incident-fixtures.ts';

/** The plugin behind an access hook of one line: the actor is named in a header. */
async function openHttp(options: LoopOptions = {}) {
  const loop = await openLoop(options);
  const actors: Record<string, Actor> = { seat, south: southSeat, patrol, other: otherPatrol };
  const app = Fastify();
  const routes = new Map<string, unknown>();
  app.addHook('onRoute', ({ method, url, config }) => void routes.set(`${method} ${url}`, config?.access));
  // As the house checks and answers.
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => requestValidator(schema, httpPart ?? 'body'));
  app.setErrorHandler((error, _request, reply) => {
    const { problem } = renderError(error);
    return reply.code(problem.status).send(problem);
  });
  const actorOf = ({ headers }: { headers: Record<string, unknown> }) => actors[String(headers['x-actor'])] ?? seat;
  await app.register(incidentsPlugin, { prefix: '/api/v1', ...loop.incidents, actorOf });
  /** `POST /incidents`, with a body and headers where they are needed. */
  const call = (line: string, payload?: object, headers: Record<string, string> = {}) => {
    const [method, path = ''] = line.split(' ');
    const url = `/api/v1${path}`;
    return app.inject({ method: method === 'POST' ? 'POST' : 'GET', url, headers, ...(payload && { payload }) });
  };
  const end = async () => {
    await app.close();
    await loop[Symbol.asyncDispose]();
  };
  return { ...loop, app, routes, call, [Symbol.asyncDispose]: end };
}

const report = manhole();

test('the loop over HTTP: reported, given to a department, dispatched, accepted, there, reported with a photo, verified, closed', async () => {
  await using http = await openHttp();
  const opened = await http.call('POST /incidents', report, { 'idempotency-key': 'r-1' });
  expect(opened.statusCode).toBe(201);
  const { id } = opened.json();
  expect((await http.call('POST /incidents', report, { 'idempotency-key': 'r-1' })).json()).toEqual(opened.json());
  const post = (path: string, payload?: object, headers = {}) =>
    http.call(`POST /incidents/${id}/${path}`, payload, headers);
  expect((await post('assign', { department: '住建局', workingDays: 2, version: 1 })).json()).toMatchObject({
    state: 'assigned',
    version: 2,
  });
  const sent = await post('dispatch', { unit: 'xun7' });
  const assignment = sent.json().assignments[0].id;
  const own = { 'x-actor': 'patrol' };
  expect((await http.call('GET /assignments?open=true', undefined, own)).json()).toMatchObject({
    items: [{ id: assignment, incident: id, state: 'dispatched' }],
  });
  expect((await http.call(`POST /assignments/${assignment}/accept`, undefined, own)).json()).toMatchObject({
    id: assignment,
    state: 'accepted',
  });
  expect((await http.call(`POST /assignments/${assignment}/complete`, { text: '还没到' }, own)).json()).toMatchObject({
    code: 'ASSIGNMENT_MOVE_REFUSED',
    status: 409,
  });
  expect((await http.call(`POST /assignments/${assignment}/arrive`, undefined, own)).statusCode).toBe(200);
  const png = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })
    .withExif({ IFD0: { Artist: 'somebody' } })
    .png()
    .toBuffer();
  const photo = await http.app.inject({
    method: 'POST',
    url: `/api/v1/incidents/${id}/photos`,
    headers: { ...own, 'content-type': 'image/png' },
    payload: png,
  });
  expect(photo.statusCode).toBe(201);
  const shown = await http.call(`GET /incidents/${id}/photos/${photo.json().photos[0]}`);
  expect(shown.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'private, no-store' });
  expect(await sharp(shown.rawPayload).metadata()).toMatchObject({ format: 'jpeg', width: 40 });
  expect((await sharp(shown.rawPayload).metadata()).exif).toBeUndefined();
  expect((await post('feedback', { text: '井盖已更换' }, own)).json()).toMatchObject({ state: 'handled' });
  expect((await post('verify')).json()).toMatchObject({ state: 'verified' });
  expect((await post('close')).json()).toMatchObject({ state: 'closed', assignments: [{ state: 'completed' }] });
  const { items } = (await http.call(`GET /incidents/${id}/timeline`)).json();
  expect(items.at(1)).toMatchObject({
    by: '席1',
    action: 'incident.assign',
    version: 2,
    state: 'assigned',
    details: { department: '住建局', from: 'received' },
  });
  expect(items.at(-1)).toMatchObject({ action: 'incident.close', state: 'closed' });
  expect((await http.call(`GET /incidents/${id}/timeline`, undefined, { 'x-actor': 'south' })).statusCode).toBe(404);
  expect((await post('reopen', { reason: '又坏了' })).json()).toMatchObject({ state: 'assigned', reopened: 1 });
});

test('an alert is dispatched in one step, and a unit recalled', async () => {
  await using http = await openHttp();
  const alert = await http.alertDesk.observe(fog());
  const sent = (await http.call(`POST /alerts/${alert.id}/dispatch`, { unit: 'xun7' })).json();
  expect(sent).toMatchObject({ state: 'dispatched', alerts: [alert.id] });
  expect((await http.call('POST /alerts/nothing/dispatch', { unit: 'lu6' })).json()).toMatchObject({
    code: 'ALERT_NOT_FOUND',
  });
  expect((await http.call(`POST /alerts/${alert.id}/dispatch`, { unit: 'nobody' })).json()).toMatchObject({
    code: 'UNIT_NOT_FOUND',
  });
  const recalled = await http.call(`POST /incidents/${sent.id}/recall`, { unit: 'xun7', reason: '误派' });
  expect(recalled.json()).toMatchObject({ state: 'received', assignments: [{ state: 'recalled' }] });
});

test('incidents are listed, filtered, searched and drawn', async () => {
  await using http = await openHttp();
  const { id } = (await http.call('POST /incidents', { ...report, place: '人民路 12 号' })).json();
  const far = (
    await http.call('POST /incidents', {
      ...report,
      source: 'grid',
      kind: 'lamp',
      position: { lat: 28, lon: 106 },
      severity: 'major',
    })
  ).json();
  await http.call(`POST /incidents/${far.id}/close`, { reason: '误报' });
  const ids = async (query: string) =>
    (await http.call(`GET /incidents?${query}`)).json().items.map((one: { id: string }) => one.id);
  expect(await ids('')).toEqual([far.id, id]);
  expect(await ids('state=received&state=assigned')).toEqual([id]);
  expect(await ids('kind=lamp&severity=major&source=grid')).toEqual([far.id]);
  expect(await ids(`q=${encodeURIComponent('人民路')}`)).toEqual([id]);
  expect(await ids('bbox=105,27,105.5,27.5')).toEqual([id]);
  expect(await ids('overdue=true')).toEqual([]);
  expect(await ids(`limit=1&cursor=${far.id}`)).toEqual([id]);
  expect((await http.call('GET /incidents?limit=1')).json().next).toBe(far.id);
  for (const wrong of ['state=gone', 'limit=1001', 'bbox=1,2,3', 'bbox=;'])
    expect((await http.call(`GET /incidents?${wrong}`)).statusCode).toBe(400);
  const map = (await http.call('GET /incidents.geojson')).json();
  expect(map.features).toMatchObject([
    { geometry: { coordinates: [105.29, 27.3] }, properties: { id, state: 'received', title: '井盖缺失' } },
  ]);
  expect((await http.call('GET /incidents/similar?kind=manhole&lat=27.3&lon=105.29')).json()).toMatchObject({
    items: [{ id, distanceMeters: 0 }],
  });
  await http.call(`POST /incidents/${id}/assign`, { department: '住建局', minutes: 30 });
  expect((await http.call('GET /incidents/departments')).json()).toMatchObject({
    items: [{ department: '住建局', open: 1, overdue: 0, dueWithinDay: 1 }],
  });
});

test('what is not asked for properly is refused with a code', async () => {
  await using http = await openHttp();
  const { id } = (await http.call('POST /incidents', report)).json();
  const code = async (path: string, payload?: object, headers = {}) => {
    const answer = await http.call(`POST ${path}`, payload, headers);
    return [answer.statusCode, answer.json().code];
  };
  expect((await code('/incidents', { ...report, extra: 1 }))[0]).toBe(400);
  expect((await code('/incidents', { ...report, title: 'a\u0000b' }))[0]).toBe(400);
  expect((await code(`/incidents/${id}/recall`, { unit: 'xun7' }))[0]).toBe(400);
  expect(await code(`/incidents/${id}/verify`)).toEqual([409, 'INCIDENT_MOVE_REFUSED']);
  expect(await code(`/incidents/${id}/close`)).toEqual([422, 'REASON_NEEDED']);
  expect(await code(`/incidents/${id}/assign`, { department: 'a', version: 9 })).toEqual([409, 'INCIDENT_STALE']);
  expect(await code('/incidents/nothing/verify')).toEqual([404, 'INCIDENT_NOT_FOUND']);
  expect(await code(`/incidents/${id}/verify`, {}, { 'x-actor': 'south' })).toEqual([404, 'INCIDENT_NOT_FOUND']);
  expect(await code('/assignments/nothing/accept')).toEqual([404, 'ASSIGNMENT_NOT_FOUND']);
  expect((await code(`/incidents/${id}/photos`, { create: { width: 1 } }))[0]).toBe(415);
  const text = {
    method: 'POST',
    url: `/api/v1/incidents/${id}/photos`,
    headers: { 'content-type': 'image/jpeg' },
    payload: 'no picture',
  } as const;
  expect((await http.app.inject(text)).json()).toMatchObject({ code: 'PHOTO_INVALID' });
  const svg = { ...text, payload: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>' };
  expect((await http.app.inject(svg)).json()).toMatchObject({ code: 'PHOTO_INVALID' });
  expect((await http.call(`GET /incidents/${id}/photos/nothing`)).json()).toMatchObject({ code: 'PHOTO_NOT_FOUND' });
});

test('every route says who may', async () => {
  await using http = await openHttp();
  const may = (route: string) => http.routes.get(route.replace(' ', ' /api/v1'));
  expect([...http.routes.values()].every((access) => access !== undefined)).toBe(true);
  for (const path of ['assign', 'joint', 'dispatch', 'recall', 'merge', 'split', 'escalate', 'explain'])
    expect(may(`POST /incidents/:id/${path}`)).toEqual(['seat']);
  for (const path of ['verify', 'close', 'reopen'])
    expect(may(`POST /incidents/:id/${path}`)).toEqual(['seat', 'reviewer']);
  for (const path of ['feedback', 'photos']) expect(may(`POST /incidents/:id/${path}`)).toEqual(['seat', 'patrol']);
  for (const path of ['accept', 'arrive', 'decline', 'complete'])
    expect(may(`POST /assignments/:id/${path}`)).toEqual(['patrol', 'seat']);
  expect(may('POST /alerts/:id/dispatch')).toEqual(['seat']);
});

test('a patrol is told its way until it has arrived; a list of a seat holds none', async () => {
  const way = { by: 'road' as const, etaSeconds: 84, distanceMeters: 2_100 };
  await using http = await openHttp({ candidates: { way: (unit) => (unit === 'xun7' ? way : undefined) } });
  const { id } = (await http.call('POST /incidents', report)).json();
  await http.call(`POST /incidents/${id}/dispatch`, { unit: 'xun7' });
  const own = { 'x-actor': 'patrol' };
  const first = async (headers = {}) =>
    (await http.call('GET /assignments?open=true', undefined, headers)).json().items[0];
  expect(await first(own)).toMatchObject({ state: 'dispatched', way });
  expect(await first()).not.toHaveProperty('way');
  await http.call(`POST /assignments/${(await first()).id}/arrive`, undefined, own);
  const arrived = await first(own);
  expect([arrived.state, arrived.way]).toEqual(['arrived', undefined]);
  expect(await http.incidents.book.ownAssignments(patrol)).toMatchObject([{ id: arrived.id, incident: id }]);
  expect(await http.incidents.book.ownAssignments(seat)).toEqual([]);
});

test('who could go is ranked for a seat, with reasons, the rejected last; a patrol does not ask', async () => {
  const asked: unknown[] = [];
  const found = [
    { unit: 'xun7', etaSeconds: 84, distanceMeters: 2_100, by: 'road' as const, reasons: [{ text: '沿路 2.1 km' }] },
    { unit: 'lu6', rejected: 'offline' as const, reasons: [{ text: '离线' }] },
  ];
  const candidates = {
    rank: (who: unknown) => {
      asked.push(who);
      return found;
    },
  };
  await using http = await openHttp({ candidates });
  const { id } = (await http.call('POST /incidents', report)).json();
  expect((await http.call(`GET /incidents/${id}/candidates`)).json()).toEqual({ items: found });
  expect(asked).toMatchObject([{ place: { position: report.position, area: 'north' } }]);
  expect((await http.call(`GET /incidents/${id}/candidates?limit=1`)).json().items).toHaveLength(1);
  expect((await http.call(`GET /incidents/${id}/candidates`, undefined, { 'x-actor': 'south' })).statusCode).toBe(404);
  expect(http.routes.get('GET /api/v1/incidents/:id/candidates')).toEqual(['seat']);
});

test('who could go to an alert is ranked before anybody has taken it, and another area has no such alert', async () => {
  const asked: unknown[] = [];
  const found = [{ unit: 'xun7', reasons: [{ text: '空闲' }] }];
  const candidates = {
    rank: (who: unknown) => {
      asked.push(who);
      return found;
    },
  };
  await using http = await openHttp({ candidates });
  const alert = await http.alertDesk.observe({ ...fog(), area: 'north' });
  const path = `GET /alerts/${alert.id}/candidates`;
  expect((await http.call(path)).json()).toEqual({ items: found });
  expect(asked).toMatchObject([{ place: { position: { lat: alert.position.lat, lon: alert.position.lon } } }]);
  expect((await http.call(path, undefined, { 'x-actor': 'south' })).json()).toMatchObject({ code: 'ALERT_NOT_FOUND' });
  expect((await http.call('GET /alerts/nothing/candidates')).statusCode).toBe(404);
  expect(http.routes.get('GET /api/v1/alerts/:id/candidates')).toEqual(['seat']);
});
