import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Log } from '../../shared/log.ts';
import type { CameraStreams } from '../camera-streams.ts';
import { visibleCamera } from '../cameras/visible-camera.ts';
import { CameraId } from '../config.ts';
import { admittedWatcher } from '../viewing/admitted-watcher.ts';
import { type StreamPluginOptions, StreamUnauthorizedError } from '../viewing/plugin.ts';
import { Watchers } from '../viewing/watchers.ts';
import type { WebrtcConfig } from './webrtc-config.ts';
import { NotForWebrtcError } from './whep-errors.ts';
import type { SessionLimits } from './whep-session.ts';
import { WhepSessions } from './whep-sessions.ts';

export interface WhepPluginOptions extends Omit<StreamPluginOptions, 'streams'> {
  readonly streams: CameraStreams;
  readonly config: WebrtcConfig;
  readonly log: Log;
  readonly limits?: SessionLimits;
}

const maxOfferBytes = 65_536;
const sdpType = 'application/sdp';
const tags = ['cameras'];
const OfferQuery = Type.Object({ ticket: Type.Optional(Type.String({ maxLength: 256 })) });
const SessionParams = Type.Object({ id: CameraId, session: Type.String({ pattern: '^[\\w-]{24}$' }) });

/**
 * Live H.264 over WebRTC, as WHEP players ask for it (draft-ietf-wish-whep; the exchange of RFC 9725): the offer is posted,
 * the answer names the session, DELETE ends it. Candidates come with the answer; nothing trickles.
 */
export const whepPlugin: FastifyPluginAsyncTypebox<WhepPluginOptions> = async (app, options) => {
  const { streams, config, log, limits, actorOf, redeemTicket, record, sessionEnded } = options;
  if (!config.enabled) return;
  const watchers = new Watchers(record);
  const sessions = new WhepSessions({ streams, watchers, config, log, ...(limits && { limits }) });
  const stopListening = sessionEnded((ended) => watchers.end(ended));
  app.addHook('preClose', async () => watchers.close());
  app.addHook('onClose', async () => stopListening());
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    sdpType,
    { parseAs: 'string', bodyLimit: maxOfferBytes },
    async (_request: unknown, body: unknown) => body,
  );

  const offer = { params: Type.Object({ id: CameraId }), querystring: OfferQuery, body: Type.String(), tags };
  app.post('/streams/:id.whep', { config: { access: 'ticket' }, schema: offer }, async (request, reply) => {
    const { params, query, body } = request;
    const shown = { ticket: query.ticket, camera: params.id, known: actorOf(request) };
    const actor = admittedWatcher(shown, redeemTicket);
    if (!actor) throw new StreamUnauthorizedError();
    const { id: camera, video } = visibleCamera(streams, params.id, actor);
    if (video?.codec === 'h265') throw new NotForWebrtcError('h265');
    const reachedAt = request.socket.localAddress;
    const { id, answer } = await sessions.start({ camera, actor, sdp: body, reachedAt });
    const location = `/streams/${encodeURIComponent(camera)}.whep/${id}`;
    return await reply.code(201).header('location', location).type(sdpType).send(answer);
  });

  // Whoever knows the session's name was given it: the name is the credential (RFC 9725 §4.2).
  const ended = { config: { access: 'public' as const }, schema: { params: SessionParams, tags } };
  app.route({
    method: 'DELETE',
    url: '/streams/:id.whep/:session',
    ...ended,
    // Before the body is looked at: a stranger learns nothing here, not even what may be sent.
    onRequest: async (request) => {
      const { id, session } = request.params;
      if (!sessions.has(id, session) && !actorOf(request)) throw new StreamUnauthorizedError();
    },
    handler: async ({ params }, reply) => {
      sessions.end(params.id, params.session);
      return await reply.code(204).send();
    },
  });
};
