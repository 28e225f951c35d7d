import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../shared/app-error.ts';
import type { CameraStreams } from '../camera-streams.ts';
import { visibleCamera } from '../cameras/visible-camera.ts';
import { CameraId } from '../config.ts';
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
  app.addHook('onClose', async () => stopListening());

  app.route({
    method: 'GET',
    url: '/streams/:id.flv',
    config: { access: 'ticket' },
    schema: { params: streamParams, querystring: StreamQuery, tags: ['cameras'] },
    preHandler: async (request) => {
      const { params, query } = request;
      const actor = query.ticket === undefined ? actorOf(request) : redeemTicket(query.ticket, params.id);
      if (!actor) throw new StreamUnauthorizedError();
      visibleCamera(streams, params.id, actor);
      admitted.set(request, actor);
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const bare = knowsNoHevcInFlv(request.headers['user-agent']) && (await streams.codec({ camera: id })) === 'h265';
      const watching = { actor: admittedTo(request), camera: id, over: 'http' };
      hijack(reply, bare ? 'video/h265' : 'video/x-flv');
      serveHttpViewer(reply.raw, (sink) =>
        watchers.watch(watching, (onEnd) =>
          bare ? streams.openElementary({ camera: id }, sink, onEnd) : streams.open({ camera: id }, sink, onEnd),
        ),
      );
    },
    wsHandler: (socket, request) => {
      const { id } = request.params;
      const watching = { actor: admittedTo(request), camera: id, over: 'websocket' };
      serveSocketViewer(socket, (sink) =>
        watchers.watch(watching, (onEnd) => streams.open({ camera: id }, sink, onEnd)),
      );
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
