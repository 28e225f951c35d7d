import type { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AnyFeatureCollection, featureCollection, geoJsonType, pointFeature } from '../gis/geojson.ts';
import type { Actor } from '../shared/actor.ts';
import { Alert, AlertKind, AlertStateName, alertKinds, Severity } from './alert.ts';
import { defaultPage, largestPage } from './alert-query.ts';
import type { AlertDesk } from './desk.ts';
import { Trace } from './traces/trace.ts';

/** What a camera saw of an alert, as an MP4. */
export interface AlertClip {
  readonly from: Date;
  readonly to: Date;
  readonly bytes: number;
  /** Destroyed when the client goes away. */
  stream(): Readable;
}

export interface AlertsOptions {
  readonly desk: AlertDesk;
  readonly actorOf: (request: FastifyRequest) => Actor;
  /** Fails when nothing is recorded of it, or the ledger cannot be written. */
  readonly clip: (alert: Alert, actor: Actor) => Promise<AlertClip>;
}

const Filter = {
  /** Each may be given several times. */
  state: Type.Optional(Type.Array(AlertStateName, { maxItems: 4 })),
  kind: Type.Optional(Type.Array(AlertKind, { maxItems: alertKinds.length })),
  severity: Type.Optional(Type.Array(Severity, { maxItems: 4 })),
  area: Type.Optional(Type.String({ maxLength: 64 })),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  silence: Type.Optional(Type.String({ maxLength: 64, description: 'what this silence has kept quiet' })),
};
const Page = Type.Object({
  ...Filter,
  cursor: Type.Optional(Type.String({ maxLength: 64 })),
  limit: Type.Integer({ minimum: 1, maximum: largestPage, default: defaultPage }),
});
const AlertList = Type.Object({ items: Type.Array(Alert), next: Type.Optional(Type.String()) });
const AlertId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Jpeg = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' });

/** The version the seat decided on; without it, on whatever there is. */
const Version = { version: Type.Optional(Type.Integer({ minimum: 1 })) };
const Decided = Type.Union([Type.Object(Version, { additionalProperties: false }), Type.Null()]);
const Dismissal = Type.Object(
  { ...Version, reason: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);

const Separation = Type.Object({ ...Version, part: Type.String({ maxLength: 64 }) }, { additionalProperties: false });

/** The alert desk over HTTP. */
export const alertsPlugin: FastifyPluginAsyncTypebox<AlertsOptions> = async (app, { desk, actorOf, clip }) => {
  const tags = ['alerts'];
  const anyone = { access: 'any' } as const;
  const deciders = { access: ['seat', 'reviewer'] } as const;
  const one = { config: anyone, schema: { params: AlertId, response: { 200: Alert }, tags } };
  const decide = { config: deciders, schema: { params: AlertId, body: Decided, response: { 200: Alert }, tags } };
  const dismiss = { config: deciders, schema: { params: AlertId, body: Dismissal, response: { 200: Alert }, tags } };

  app.addHook('onClose', () => desk.close());

  const list = { config: anyone, schema: { querystring: Page, response: { 200: AlertList }, tags } };
  app.get('/alerts', list, async (request) => desk.list(request.query, actorOf(request)));

  app.get('/alerts/:id', one, async (request) => desk.get(request.params.id, actorOf(request)));

  const geojson = { querystring: Type.Object(Filter), response: { 200: AnyFeatureCollection }, tags };
  app.get('/alerts.geojson', { config: anyone, schema: geojson }, async (request, reply) => {
    const query = { state: ['raised', 'acknowledged'] as const, ...request.query, limit: largestPage };
    const { items } = await desk.list(query, actorOf(request));
    reply.type(geoJsonType);
    return featureCollection(items.map((alert) => pointFeature(alert.position, alert)));
  });

  const snapshot = { config: anyone, schema: { params: AlertId, response: { 200: Jpeg }, tags } };
  app.get('/alerts/:id/snapshot.jpg', snapshot, async (request, reply) => {
    const jpeg = await desk.snapshot(request.params.id, actorOf(request));
    return reply.type('image/jpeg').header('cache-control', 'private, no-store').send(jpeg);
  });

  const trace = { config: anyone, schema: { params: AlertId, response: { 200: Trace }, tags } };
  app.get('/alerts/:id/trace', trace, async (request) => desk.trace(request.params.id, actorOf(request)));

  clipRoute(app, { desk, actorOf, clip });

  app.post('/alerts/:id/acknowledge', decide, async (request) =>
    desk.acknowledge(request.params.id, actorOf(request), request.body ?? {}),
  );
  app.post('/alerts/:id/release', decide, async (request) =>
    desk.release(request.params.id, actorOf(request), request.body ?? {}),
  );
  app.post('/alerts/:id/confirm', decide, async (request) =>
    desk.confirm(request.params.id, actorOf(request), request.body ?? {}),
  );
  app.post('/alerts/:id/dismiss', dismiss, async (request) =>
    desk.dismiss(request.params.id, actorOf(request), request.body),
  );
  const unmerge = { config: deciders, schema: { params: AlertId, body: Separation, response: { 200: Alert }, tags } };
  app.post('/alerts/:id/unmerge', unmerge, async (request) =>
    desk.unmerge(request.params.id, actorOf(request), request.body),
  );
};

/** Evidence leaves the house: reviewers only, like any clip. */
function clipRoute(app: Parameters<typeof alertsPlugin>[0], { desk, actorOf, clip }: AlertsOptions): void {
  // A HEAD would be an export that nobody gets.
  const footage = { config: { access: ['reviewer'] as const }, exposeHeadRoute: false };
  const schema = { params: AlertId, tags: ['alerts'] };
  app.get('/alerts/:id/clip.mp4', { ...footage, schema }, async (request, reply) => {
    const actor = actorOf(request);
    const alert = await desk.get(request.params.id, actor);
    const { from, to, bytes, stream } = await clip(alert, actor);
    return await reply
      .type('video/mp4')
      .headers({ 'Content-Length': bytes, 'Cache-Control': 'private, no-store' })
      .headers({ 'X-Recording-From': from.toISOString(), 'X-Recording-To': to.toISOString() })
      .header('Content-Disposition', `attachment; filename="${alert.id}.mp4"`)
      .send(stream());
  });
}
