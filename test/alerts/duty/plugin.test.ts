import Fastify from 'fastify';
import type { TSchema } from 'typebox';
import { expect, test } from 'vitest';
import { dutyPlugin } from '../../../src/alerts/duty/plugin.ts';
import { Handovers } from '../../../src/alerts/handover/handovers.ts';
import type { AreaOf } from '../../../src/alerts/silences/silence.ts';
import { requestValidator } from '../../../src/http/invalid-request.ts';
import { renderError } from '../../../src/http/problem.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { fog, otherSeat, seat, southSeat } from '../alert-fixtures.ts';
import { openDuty } from './duty-fixtures.ts';

/** The plugin behind an access hook of one line: the actor is named in a header. */
async function openHttp() {
  const world = await openDuty();
  const actors: Record<string, Actor> = { seat, other: otherSeat, south: southSeat };
  const app = Fastify();
  const routes = new Map<string, unknown>();
  app.addHook('onRoute', ({ method, url, config }) => void routes.set(`${method} ${url}`, config?.access));
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => requestValidator(schema, httpPart ?? 'body'));
  app.setErrorHandler((error, _request, reply) => {
    const { problem } = renderError(error);
    return reply.code(problem.status).send(problem);
  });
  const actorOf = ({ headers }: { headers: Record<string, unknown> }) => actors[String(headers['x-actor'])] ?? seat;
  const handovers = new Handovers({ ...world, incidents: async () => [], blind: async () => [] });
  const areaOf: AreaOf = ({ camera }) => (camera === 'k7' ? 'south' : undefined);
  await app.register(dutyPlugin, { prefix: '/api/v1', ...world, handovers, areaOf, actorOf });
  const call = (line: string, payload?: object, actor = 'seat') => {
    const [method, path = ''] = line.split(' ');
    const asked = { url: `/api/v1${path}`, headers: { 'x-actor': actor }, ...(payload && { payload }) };
    return app.inject({ method: method === 'POST' ? 'POST' : 'GET', ...asked });
  };
  const end = async () => {
    await app.close();
    await world[Symbol.asyncDispose]();
  };
  return { ...world, app, routes, call, [Symbol.asyncDispose]: end };
}

test('assigned by account name, put off for at most an hour, and all of it in the timeline', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog());
  expect((await http.call(`POST /alerts/${id}/assign`, { seat: '谁' })).json()).toMatchObject({
    code: 'SEAT_NOT_FOUND',
  });
  expect((await http.call(`POST /alerts/${id}/assign`, { seat: '席2', version: 1 })).json()).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: { name: '席2' },
  });
  expect((await http.call(`POST /alerts/${id}/snooze`, { minutes: 61 }, 'other')).statusCode).toBe(400);
  const snoozed = await http.call(`POST /alerts/${id}/snooze`, { minutes: 60 }, 'other');
  expect(snoozed.json()).toMatchObject({ snoozedUntil: expect.any(String), wakeAt: expect.any(String) });
  const { items } = (await http.call(`GET /alerts/${id}/timeline`)).json();
  expect(items).toMatchObject([
    { by: 'system', action: 'alert.raise', version: 1, state: 'raised', details: {} },
    { by: '席1', action: 'alert.assign', version: 2, state: 'acknowledged', details: { to: '席2' } },
    { by: '席2', action: 'alert.snooze', version: 3, state: 'acknowledged' },
  ]);
});

test('silences are begun, listed with what they kept quiet, and ended', async () => {
  await using http = await openHttp();
  const begun = await http.call('POST /silences', { sensor: 'ws06', reason: '检修', minutes: 1_440 });
  expect(begun.statusCode).toBe(201);
  const { id } = begun.json();
  await http.desk.observe(fog());
  expect((await http.call('GET /silences')).json()).toMatchObject({ items: [{ id, count: 1, by: { name: '席1' } }] });
  expect((await http.call(`POST /silences/${id}/end`)).json()).toMatchObject({ endedBy: { name: '席1' }, count: 1 });
  for (const wrong of [{ minutes: 1_441 }, { minutes: 5, reason: '' }, { minutes: 5, plate: 'x' }])
    expect((await http.call('POST /silences', { sensor: 'a', reason: 'x', ...wrong })).statusCode).toBe(400);
  expect((await http.call('POST /silences', { reason: 'x', minutes: 5 })).json()).toMatchObject({
    code: 'SILENCE_REFUSED',
  });
});

test('a camera is silenced by who has its area without naming it, and seen there alone', async () => {
  await using http = await openHttp();
  const order = { camera: 'k7', reason: '检修', minutes: 5 };
  const begun = await http.call('POST /silences', order, 'south');
  expect([begun.statusCode, begun.json().area]).toEqual([201, 'south']);
  expect((await http.call('POST /silences', { ...order, camera: 'k8' }, 'south')).statusCode).toBe(422);
  const north = { ...southSeat, areas: ['north'] };
  expect((await http.desk.silences.list({ limit: 9 }, north)).items).toEqual([]);
});

test('a shift is given and signed', async () => {
  await using http = await openHttp();
  const given = await http.call('POST /handovers', {});
  expect(given.statusCode).toBe(201);
  const { id } = given.json();
  expect((await http.call(`POST /handovers/${id}/sign`)).statusCode).toBe(409);
  expect((await http.call(`POST /handovers/${id}/sign`, undefined, 'other')).json()).toMatchObject({
    state: 'signed',
    taker: { name: '席2' },
  });
  expect((await http.call(`GET /handovers/${id}`)).json()).toMatchObject({ version: 2 });
  expect((await http.call('GET /handovers')).json().items).toHaveLength(1);
});

test('what is of another area is not there', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.observe(fog());
  const silence = await http.desk.silences.begin({ area: 'north', reason: 'x', minutes: 5 }, seat);
  const handover = (await http.call('POST /handovers', {})).json();
  const asked: [string, object?][] = [
    [`POST /alerts/${id}/assign`, { seat: '席3' }],
    [`POST /alerts/${id}/snooze`, { minutes: 5 }],
    [`GET /alerts/${id}/timeline`],
    [`POST /silences/${silence.id}/end`],
    [`GET /handovers/${handover.id}`],
    [`POST /handovers/${handover.id}/sign`],
  ];
  for (const [line, payload] of asked)
    expect([line, (await http.call(line, payload, 'south')).statusCode]).toEqual([line, 404]);
});

test('every route says who may', async () => {
  await using http = await openHttp();
  const declared = [...http.routes].filter(([route]) => !route.startsWith('HEAD'));
  expect(declared.length).toBe(10);
  expect(declared.every(([, access]) => access === 'any' || Array.isArray(access))).toBe(true);
});
