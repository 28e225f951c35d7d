import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AnyFeatureCollection, featureCollection, geoJsonType, pointFeature } from '../gis/geojson.ts';
import { type Actor, maySee } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import { FoundDevice, ProbeStage, ProbeTarget, PtzCommand } from './camera-actions.ts';
import { CameraQuery, queryCameras } from './camera-query.ts';
import { Camera, type CameraStatus } from './camera-status.ts';
import { CameraNotFoundError, type CameraStreams } from './camera-streams.ts';
import { CameraId } from './config.ts';
import { knowsNoHevcInFlv } from './old-players.ts';
import { serveHttpViewer, serveSocketViewer } from './viewer-sinks.ts';
import { type SessionEnd, type WatchEntry, type Watcher, Watchers } from './watchers.ts';

/** Neither a valid ticket nor a session. */
export class StreamUnauthorizedError extends AppError {
  readonly code = 'UNAUTHENTICATED';
  override readonly statusCode = 401;

  constructor() {
    super('A stream needs a ticket (POST /api/v1/cameras/ID/ticket) or a session.');
  }
}

export interface StreamPluginOptions {
  readonly streams: CameraStreams;
  /** Whoever the access hook found; undefined without a session. */
  readonly actorOf: (request: FastifyRequest) => Watcher | undefined;
  /** Spends a ticket: good once, for one camera. */
  readonly redeemTicket: (ticket: string, camera: string) => Watcher | undefined;
  /** Rows for the ledger. */
  readonly record: (entry: WatchEntry) => void;
  /** Calls back when a session ends, until the returned function is called. */
  readonly sessionEnded: (listener: (ended: SessionEnd) => void) => () => void;
}

const streamParams = Type.Object({ id: CameraId });
const StreamQuery = Type.Object({ ticket: Type.Optional(Type.String({ maxLength: 256 })) });

/** Live video at the root: HTTP-FLV and, on the same path, WebSocket-FLV. */
export const streamPlugin: FastifyPluginAsyncTypebox<StreamPluginOptions> = async (app, options) => {
  const { streams, actorOf, redeemTicket, record, sessionEnded } = options;
  const watchers = new Watchers(record);
  const admitted = new WeakMap<FastifyRequest, Watcher>();
  const stopListening = sessionEnded((ended) => watchers.end(ended));
  app.addHook('preClose', async () => watchers.close());
  app.addHook('onClose', async () => {
    stopListening();
    await streams.close();
  });

  app.route({
    method: 'GET',
    url: '/streams/:id.flv',
    config: { access: 'ticket' },
    schema: { params: streamParams, querystring: StreamQuery, tags: ['cameras'] },
    preHandler: async (request) => {
      const { params, query } = request;
      const actor = query.ticket === undefined ? actorOf(request) : redeemTicket(query.ticket, params.id);
      if (!actor) throw new StreamUnauthorizedError();
      visible(streams, params.id, actor);
      admitted.set(request, actor);
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const bare = knowsNoHevcInFlv(request.headers['user-agent']) && (await streams.codec(id)) === 'h265';
      const watching = { actor: admittedTo(request), camera: id, over: 'http' };
      hijack(reply, bare ? 'video/h265' : 'video/x-flv');
      serveHttpViewer(reply.raw, (sink) =>
        watchers.watch(watching, (onEnd) =>
          bare ? streams.openElementary(id, sink, onEnd) : streams.open(id, sink, onEnd),
        ),
      );
    },
    wsHandler: (socket, request) => {
      const { id } = request.params;
      const watching = { actor: admittedTo(request), camera: id, over: 'websocket' };
      serveSocketViewer(socket, (sink) => watchers.watch(watching, (onEnd) => streams.open(id, sink, onEnd)));
    },
  });

  function admittedTo(request: FastifyRequest): Watcher {
    const actor = admitted.get(request);
    if (!actor) throw new StreamUnauthorizedError();
    return actor;
  }
};

/** From here on the answer is ours, with the headers that hooks have set. */
function hijack(reply: FastifyReply, type: string): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.setHeader('Content-Type', type);
  reply.raw.setHeader('Cache-Control', 'no-store');
}

/** Another area's camera does not exist for whoever may not see it. */
function visible(streams: CameraStreams, id: string, actor: Actor): CameraStatus {
  const camera = streams.status(id);
  if (!camera || !maySee(actor, camera.area)) throw new CameraNotFoundError();
  return camera;
}

export interface CameraLedgerEntry {
  readonly actor: Actor;
  readonly action: string;
  readonly object?: string;
  readonly result: 'ok';
  readonly details?: object;
}

export interface CamerasPluginOptions {
  readonly streams: CameraStreams;
  readonly actorOf: (request: FastifyRequest) => Actor;
  readonly issueTicket: (
    actor: Actor,
    camera: string,
  ) => Promise<{ readonly ticket: string; readonly expiresAt: Date }>;
  /** Written before a camera moves or the network is searched: without the row it is not done (T40). */
  readonly record: (entry: CameraLedgerEntry) => Promise<unknown>;
  readonly ptz: (camera: string, command: PtzCommand) => Promise<void>;
  readonly discover: () => Promise<FoundDevice[]>;
  readonly probe: (target: ProbeTarget) => Promise<ProbeStage[]>;
}

const Ticket = Type.Object({ ticket: Type.String(), expiresAt: Type.String({ format: 'date-time' }) });
const Page = Type.Object({ items: Type.Array(Camera), next: Type.Optional(Type.String()) });

type TypedApp = Parameters<FastifyPluginAsyncTypebox>[0];

const params = Type.Object({ id: CameraId });
const tags = ['cameras'];
const any = { config: { access: 'any' as const } };
const engineer = { config: { access: ['engineer'] as const } };

/** The cameras over HTTP, under the API's prefix. */
export const camerasPlugin: FastifyPluginAsyncTypebox<CamerasPluginOptions> = async (app, options) => {
  readRoutes(app, options);
  actionRoutes(app, options);
};

function readRoutes(app: TypedApp, { streams, actorOf }: CamerasPluginOptions): void {
  const list = { querystring: CameraQuery, response: { 200: Page }, tags };
  app.get('/cameras', { ...any, schema: list }, async (request) =>
    queryCameras(streams.list(), request.query, actorOf(request)),
  );

  const features = { ...any, schema: { response: { 200: AnyFeatureCollection }, tags } };
  app.get('/cameras.geojson', features, async (request, reply) => {
    const actor = actorOf(request);
    reply.type(geoJsonType);
    const seen = streams.list().filter(({ area }) => maySee(actor, area));
    return featureCollection(seen.map(({ position, ...properties }) => pointFeature(position, properties)));
  });

  app.get('/cameras/:id', { ...any, schema: { params, response: { 200: Camera }, tags } }, async (request) =>
    visible(streams, request.params.id, actorOf(request)),
  );

  app.get('/cameras/:id/snapshot.jpg', { ...any, schema: { params, tags } }, async (request, reply) => {
    const { id } = visible(streams, request.params.id, actorOf(request));
    const { jpeg, at, live } = await streams.snapshot(id);
    const age = Math.max(0, Math.round((Date.now() - at.getTime()) / 1_000));
    if (!live) reply.header('X-Picture-Age-Seconds', age);
    return await reply.type('image/jpeg').header('Cache-Control', 'no-store').send(jpeg);
  });
}

function actionRoutes(app: TypedApp, options: CamerasPluginOptions): void {
  const { streams, actorOf, issueTicket, record, ptz, discover, probe } = options;
  const nothing = Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]);

  const ticket = { params, body: nothing, response: { 200: Ticket }, tags };
  app.post('/cameras/:id/ticket', { ...any, schema: ticket }, async (request) => {
    const { id } = visible(streams, request.params.id, actorOf(request));
    const issued = await issueTicket(actorOf(request), id);
    return { ticket: issued.ticket, expiresAt: issued.expiresAt.toISOString() };
  });

  const move = { config: { access: ['seat', 'engineer'] as const }, schema: { params, body: PtzCommand, tags } };
  app.post('/cameras/:id/ptz', move, async (request, reply) => {
    const actor = actorOf(request);
    const { id } = visible(streams, request.params.id, actor);
    await record({ actor, action: 'camera.ptz', object: `camera/${id}`, result: 'ok', details: request.body });
    await ptz(id, request.body);
    return await reply.code(204).send();
  });

  const found = { body: nothing, response: { 200: Type.Object({ items: Type.Array(FoundDevice) }) }, tags };
  app.post('/cameras/discover', { ...engineer, schema: found }, async (request) => {
    await record({ actor: actorOf(request), action: 'camera.discover', result: 'ok' });
    return { items: await discover() };
  });

  const probed = { body: ProbeTarget, response: { 200: Type.Object({ stages: Type.Array(ProbeStage) }) }, tags };
  app.post('/cameras/probe', { ...engineer, schema: probed }, async (request) => {
    const { id } = request.body;
    const object = id === undefined ? {} : { object: `camera/${id}` };
    await record({ actor: actorOf(request), action: 'camera.probe', result: 'ok', ...object });
    return { stages: await probe(request.body) };
  });
}
