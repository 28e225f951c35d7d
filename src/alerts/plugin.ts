import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AnyFeatureCollection, featureCollection, geoJsonType, pointFeature } from '../gis/geojson.ts';
import type { Actor } from '../shared/actor.ts';
import { Alert, AlertKind, AlertStateName, Severity } from './alert.ts';
import { defaultPage, largestPage } from './alert-query.ts';
import type { AlertDesk } from './desk.ts';

export interface AlertsOptions {
  readonly desk: AlertDesk;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Filter = {
  /** Each may be given several times. */
  state: Type.Optional(Type.Array(AlertStateName, { maxItems: 4 })),
  kind: Type.Optional(Type.Array(AlertKind, { maxItems: 12 })),
  severity: Type.Optional(Type.Array(Severity, { maxItems: 4 })),
  area: Type.Optional(Type.String({ maxLength: 64 })),
  q: Type.Optional(Type.String({ maxLength: 100 })),
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

/** The alert desk over HTTP. */
export const alertsPlugin: FastifyPluginAsyncTypebox<AlertsOptions> = async (app, { desk, actorOf }) => {
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
};
