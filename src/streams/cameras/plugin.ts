import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AnyFeatureCollection, featureCollection, geoJsonType, pointFeature } from '../../gis/geojson.ts';
import { type Actor, maySee } from '../../shared/actor.ts';
import { type BeginDeed, perform } from '../../shared/deed.ts';
import type { CameraStreams } from '../camera-streams.ts';
import { CameraId } from '../config.ts';
import { ProbeStage } from '../probe/probe-stage.ts';
import type { SelfTest } from '../self-test/self-test.ts';
import { FoundDevice, ProbeTarget, PtzCommand } from './camera-actions.ts';
import { CameraPlan, refuseLimited } from './camera-plan.ts';
import { CameraQuery, queryCameras } from './camera-query.ts';
import { Camera } from './camera-status.ts';
import type { CameraTools } from './camera-tools.ts';
import { visibleCamera } from './visible-camera.ts';

export interface CamerasPluginOptions {
  readonly streams: CameraStreams;
  readonly actorOf: (request: FastifyRequest) => Actor;
  /** Fails for an incident that the actor may not see. */
  readonly issueTicket: (
    actor: Actor,
    camera: string,
    incident?: string,
  ) => Promise<{ readonly ticket: string; readonly expiresAt: Date }>;
  /** Asked before a camera moves or the network is searched: what cannot be told of is not done (T40). */
  readonly begin: BeginDeed;
  readonly tools: Pick<CameraTools, 'ptz' | 'discover' | 'probe'>;
  readonly selfTest: Pick<SelfTest, 'relearn'>;
  readonly site: CameraSite;
}

/** The files the cameras stand in. Both fail, changing nothing, when the files are not valid. */
export interface CameraSite {
  /** What would be otherwise if the files were what runs. */
  readonly plan: () => Promise<CameraPlan>;
  /** Makes the files what runs, with a row in the ledger; answers what changed. */
  readonly apply: (actor: Actor) => Promise<CameraPlan>;
}

const Ticket = Type.Object({ ticket: Type.String(), expiresAt: Type.String({ format: 'date-time' }) });
const TicketQuery = Type.Object({
  incident: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'what it is watched for' })),
});
const Page = Type.Object({ items: Type.Array(Camera), next: Type.Optional(Type.String()) });

type TypedApp = Parameters<FastifyPluginAsyncTypebox>[0];

const params = Type.Object({ id: CameraId });
const nothing = Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]);
const tags = ['cameras'];
const any = { config: { access: 'any' as const } };
const engineer = { config: { access: ['engineer'] as const } };
const wholeSite = { config: { access: ['engineer'] as const, wholeSite: true } };

/** The cameras over HTTP, under the API's prefix. */
export const camerasPlugin: FastifyPluginAsyncTypebox<CamerasPluginOptions> = async (app, options) => {
  siteRoutes(app, options);
  readRoutes(app, options);
  actionRoutes(app, options);
  engineerRoutes(app, options);
};

function siteRoutes(app: TypedApp, { site, actorOf }: CamerasPluginOptions): void {
  const schema = { response: { 200: CameraPlan }, tags };
  app.get('/cameras/plan', { ...engineer, schema }, async (request) => {
    refuseLimited(actorOf(request));
    return site.plan();
  });
  app.post('/cameras/apply', { ...engineer, schema: { ...schema, body: nothing } }, async (request) => {
    const actor = actorOf(request);
    refuseLimited(actor);
    return site.apply(actor);
  });
}

function readRoutes(app: TypedApp, { streams, actorOf }: CamerasPluginOptions): void {
  const list = { querystring: CameraQuery, response: { 200: Page }, tags };
  app.get('/cameras', { ...any, schema: list }, async (request) =>
    queryCameras(streams.list(), request.query, actorOf(request)),
  );

  const features = { ...any, schema: { response: { 200: AnyFeatureCollection }, tags } };
  app.get('/cameras.geojson', features, async (request, reply) => {
    const actor = actorOf(request);
    // The schema's own serializer decides on each geometry anew: thousands of cameras would hold up everybody for a second.
    reply.type(geoJsonType).serializer((answer: unknown) => JSON.stringify(answer));
    const seen = streams.list().filter(({ area }) => maySee(actor, area));
    return featureCollection(seen.map(({ position, ...properties }) => pointFeature(position, properties)));
  });

  app.get('/cameras/:id', { ...any, schema: { params, response: { 200: Camera }, tags } }, async (request) =>
    visibleCamera(streams, request.params.id, actorOf(request)),
  );

  app.get('/cameras/:id/snapshot.jpg', { ...any, schema: { params, tags } }, async (request, reply) => {
    const { id } = visibleCamera(streams, request.params.id, actorOf(request));
    const { jpeg, at, live } = await streams.snapshot(id);
    const age = Math.max(0, Math.round((Date.now() - at.getTime()) / 1_000));
    if (!live) reply.header('X-Picture-Age-Seconds', age);
    return await reply.type('image/jpeg').header('Cache-Control', 'no-store').send(jpeg);
  });
}

function actionRoutes(app: TypedApp, options: CamerasPluginOptions): void {
  const { streams, actorOf, issueTicket, begin, tools } = options;
  const ticket = { params, querystring: TicketQuery, body: nothing, response: { 200: Ticket }, tags };
  app.post('/cameras/:id/ticket', { ...any, schema: ticket }, async (request) => {
    const { id } = visibleCamera(streams, request.params.id, actorOf(request));
    const issued = await issueTicket(actorOf(request), id, request.query.incident);
    return { ticket: issued.ticket, expiresAt: issued.expiresAt.toISOString() };
  });

  const move = { config: { access: ['seat', 'engineer'] as const }, schema: { params, body: PtzCommand, tags } };
  app.post('/cameras/:id/ptz', move, async (request, reply) => {
    const actor = actorOf(request);
    const { id } = visibleCamera(streams, request.params.id, actor);
    const deed = { actor, action: 'camera.ptz', object: `camera/${id}`, details: request.body };
    await perform(begin(deed), () => tools.ptz(id, request.body));
    return await reply.code(204).send();
  });
}

function engineerRoutes(app: TypedApp, { streams, actorOf, begin, tools, selfTest }: CamerasPluginOptions): void {
  const scene = { ...engineer, schema: { params, body: nothing, tags, description: 'what it sees now is its view' } };
  app.post('/cameras/:id/scene', scene, async (request, reply) => {
    const actor = actorOf(request);
    const { id } = visibleCamera(streams, request.params.id, actor);
    const deed = { actor, action: 'camera.scene', object: `camera/${id}` };
    await perform(begin(deed), () => selfTest.relearn(id));
    return await reply.code(204).send();
  });

  const found = { body: nothing, response: { 200: Type.Object({ items: Type.Array(FoundDevice) }) }, tags };
  app.post('/cameras/discover', { ...wholeSite, schema: found }, async (request) => {
    const deed = { actor: actorOf(request), action: 'camera.discover' };
    return { items: await perform(begin(deed), () => tools.discover()) };
  });

  const probed = { body: ProbeTarget, response: { 200: Type.Object({ stages: Type.Array(ProbeStage) }) }, tags };
  app.post('/cameras/probe', { ...engineer, schema: probed }, async (request) => {
    const { id } = request.body;
    const actor = actorOf(request);
    if (id !== undefined) visibleCamera(streams, id, actor);
    const object = id === undefined ? {} : { object: `camera/${id}` };
    const deed = { actor, action: 'camera.probe', ...object };
    return { stages: await perform(begin(deed), () => tools.probe(request.body)) };
  });
}
