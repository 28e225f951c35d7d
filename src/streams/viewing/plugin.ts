import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../shared/app-error.ts';
import type { CameraStreams } from '../camera-streams.ts';
import { visibleCamera } from '../cameras/visible-camera.ts';
import { CameraId } from '../config.ts';
import { admittedWatcher } from './admitted-watcher.ts';
import { knowsNoHevcInFlv } from './old-players.ts';
import { type Opening, openingOf, type PlaybackPort } from './opening.ts';
import { StreamQuery } from './stream-query.ts';
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
  /** Absent: nothing is recorded. */
  readonly playback?: PlaybackPort | undefined;
  /** Whoever the access hook found; undefined without a session. */
  readonly actorOf: (request: FastifyRequest) => Watcher | undefined;
  /** Spends a ticket: good once, for one camera. */
  readonly redeemTicket: (ticket: string, camera: string) => Watcher | undefined;
  /** Rows for the ledger. */
  readonly record: (entry: WatchEntry) => void;
  /** Calls back when a session ends, until the returned function is called. */
  readonly sessionEnded: (listener: (ended: SessionEnd) => void) => () => void;
}

interface Admission {
  readonly actor: Watcher;
  readonly opening: Opening;
}

const streamParams = Type.Object({ id: CameraId });

/** Live video at the root, and what was recorded: HTTP-FLV and, on the same path, WebSocket-FLV. */
export const streamPlugin: FastifyPluginAsyncTypebox<StreamPluginOptions> = async (app, options) => {
  const { streams, actorOf, redeemTicket, record, sessionEnded } = options;
  const watchers = new Watchers(record);
  const admitted = new WeakMap<FastifyRequest, Admission>();
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
      const shown = { ticket: query.ticket, camera: params.id, known: actorOf(request) };
      const actor = admittedWatcher(shown, redeemTicket);
      if (!actor) throw new StreamUnauthorizedError();
      visibleCamera(streams, params.id, actor);
      admitted.set(request, { actor, opening: await openingOf(params.id, query, options) });
    },
    handler: async (request, reply) => {
      const { actor, opening } = admissionOf(request);
      const bare = knowsNoHevcInFlv(request.headers['user-agent']) ? await opening.bareHevc() : undefined;
      prepare(reply, { ...opening.headers, 'Content-Type': bare ? 'video/h265' : 'video/x-flv' });
      serveHttpViewer(reply.raw, (sink) =>
        watchers.watch({ ...opening, actor, over: 'http' }, (onEnd) => (bare ?? opening.open)(sink, onEnd)),
      );
      reply.hijack();
    },
    wsHandler: (socket, request) => {
      const { actor, opening } = admissionOf(request);
      serveSocketViewer(socket, request.raw.socket, (sink) =>
        watchers.watch({ ...opening, actor, over: 'websocket' }, (onEnd) => opening.open(sink, onEnd)),
      );
    },
  });

  function admissionOf(request: FastifyRequest): Admission {
    const admission = admitted.get(request);
    if (!admission) throw new StreamUnauthorizedError();
    return admission;
  }
};

/** The answer will be ours, with the headers that hooks have set. */
function prepare(reply: FastifyReply, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...headers })) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.setHeader('Cache-Control', 'no-store');
}
