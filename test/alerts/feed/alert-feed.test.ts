import Fastify from 'fastify';
import type { TSchema } from 'typebox';
import { expect, test } from 'vitest';
import { readDocument } from '../../../src/alerts/cap/cap-document.ts';
import type { CapMessage } from '../../../src/alerts/cap/cap-message.ts';
import { AlertFeed } from '../../../src/alerts/feed/alert-feed.ts';
import { alertFeedPlugin } from '../../../src/alerts/feed/plugin.ts';
import { requestValidator } from '../../../src/http/invalid-request.ts';
import { renderError } from '../../../src/http/problem.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { element, elements, parseXml, text } from '../../../src/shared/xml.ts';
import { fog, openDesk, seat, southSeat } from '../alert-fixtures.ts';

const sender = 'traffic@town.example';

async function openFeed() {
  const world = await openDesk();
  const app = Fastify();
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => requestValidator(schema, httpPart ?? 'body'));
  app.setErrorHandler((error, _request, reply) => {
    const { problem } = renderError(error);
    return reply.code(problem.status).send(problem);
  });
  const feed = new AlertFeed({ config: { sender }, desk: world.desk, store: world.store });
  const actorOf = ({ headers }: { headers: Record<string, unknown> }): Actor => (headers['x-actor'] ? southSeat : seat);
  await app.register(alertFeedPlugin, { prefix: '/api/v1', feed, actorOf });
  const get = (path: string, headers = {}) => app.inject({ url: `/api/v1/feeds/${path}`, headers });
  const end = async () => {
    await app.close();
    await world[Symbol.asyncDispose]();
  };
  return { ...world, get, [Symbol.asyncDispose]: end };
}

/** The one message of a document, as our own reader of other people's warnings has it. */
function messageOf(xml: string): CapMessage {
  const [reading] = readDocument(Buffer.from(xml)).readings;
  if (reading?.kind !== 'message') throw new Error(JSON.stringify(reading));
  return reading.message;
}

test('an alert is a CAP 1.2 message that our own reader understands, place and all', async () => {
  await using world = await openFeed();
  const raised = await world.desk.observe(
    fog({ severity: 'major', title: '能见度 <180> m & 降', road: 'G76', stake: 'K1432+300' }),
  );
  const answer = await world.get(`alerts/${raised.id}.cap.xml`);
  expect(answer.headers['content-type']).toBe('application/cap+xml; charset=utf-8');
  const message = messageOf(answer.body);
  expect(message).toMatchObject({
    id: `${sender},${raised.id}.${raised.seq}`,
    type: 'alert',
    references: [],
    notices: [
      {
        event: '低能见度',
        headline: '能见度 <180> m & 降',
        severity: 'Severe',
        urgency: 'Immediate',
        certainty: 'Observed',
        from: `${raised.at.slice(0, 19)}.000Z`,
      },
    ],
  });
  const [outline = []] = message.notices[0]?.outlines ?? [];
  const [lon, lat] = outline[0] ?? [0, 0];
  expect([lon, lat].map((degrees) => Math.round(degrees * 1_000) / 1_000)).toEqual([105.29, 27.3]);
  const alert = element(parseXml(answer.body), 'alert');
  expect(answer.body).toContain('<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">');
  expect(['status', 'msgType', 'scope'].map((name) => text(alert, name))).toEqual(['Actual', 'Alert', 'Restricted']);
  const infos = elements(alert, 'info');
  expect(infos.map((info) => text(info, 'language'))).toEqual(['zh-CN', 'en']);
  expect(infos.map((info) => text(info, 'event'))).toEqual(['低能见度', 'Low visibility']);
  expect(text(infos[1], 'headline')).toBe('Low visibility, G76 K1432+300');
  expect(text(alert, 'sent')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-00:00$/);
});

test('what becomes of an alert updates its messages, and a dismissal cancels them', async () => {
  await using world = await openFeed();
  const raised = await world.desk.observe(fog());
  const taken = await world.desk.acknowledge(raised.id, seat);
  const updated = messageOf((await world.get(`alerts/${raised.id}.cap.xml`)).body);
  const [first, second] = [`${sender},${raised.id}.${raised.seq}`, `${sender},${raised.id}.${taken.seq}`];
  expect(updated).toMatchObject({ id: second, type: 'update', references: [first] });
  await world.desk.dismiss(raised.id, seat, { reason: '误报' });
  const cancelled = messageOf((await world.get(`alerts/${raised.id}.cap.xml`)).body);
  expect(cancelled).toMatchObject({ type: 'cancel', references: [first, second], notices: [] });
});

test('what has ended is past', async () => {
  await using world = await openFeed();
  const { id } = await world.desk.observe(fog());
  await world.desk.end('fog:ws06', new Date());
  const xml = (await world.get(`alerts/${id}.cap.xml`)).body;
  expect(text(element(parseXml(xml), 'alert', 'info'), 'urgency')).toBe('Past');
});

test('the index links what is open and what was closed just now, of the areas of who asks', async () => {
  await using world = await openFeed();
  const open = await world.desk.observe(fog());
  const over = await world.desk.observe(
    fog({ key: 'ice', kind: 'ice', sensor: 'ws09', position: { lat: 28, lon: 105 } }),
  );
  await world.desk.dismiss(over.id, seat, { reason: '误报' });
  const answer = await world.get('alerts.cap.xml');
  expect(answer.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
  expect(readDocument(answer.rawPayload).links).toEqual([`alerts/${over.id}.cap.xml`, `alerts/${open.id}.cap.xml`]);
  expect(readDocument((await world.get('alerts.cap.xml', { 'x-actor': 'south' })).rawPayload).links).toEqual([]);
  const foreign = await world.get(`alerts/${open.id}.cap.xml`, { 'x-actor': 'south' });
  expect(foreign.json()).toMatchObject({ status: 404, code: 'ALERT_NOT_FOUND' });
});

test('who has the newest already is told so, until something changes', async () => {
  await using world = await openFeed();
  const { id } = await world.desk.observe(fog());
  for (const path of ['alerts.cap.xml', `alerts/${id}.cap.xml`]) {
    const first = await world.get(path);
    const known = { 'if-none-match': first.headers.etag };
    const again = await world.get(path, known);
    expect([again.statusCode, again.body]).toEqual([304, '']);
  }
  const known = { 'if-none-match': `${(await world.get('alerts.cap.xml')).headers.etag}` };
  await world.desk.acknowledge(id, seat);
  expect((await world.get('alerts.cap.xml', known)).statusCode).toBe(200);
});
