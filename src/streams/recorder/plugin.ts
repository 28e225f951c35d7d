import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import { type BeginDeed, type EndDeed, perform, tellWhenRead } from '../../shared/deed.ts';
import type { CameraStreams } from '../camera-streams.ts';
import { visibleCamera } from '../cameras/visible-camera.ts';
import { CameraId } from '../config.ts';
import type { Clip } from './clip.ts';
import type { Recorder } from './recorder.ts';
import { RecordingSpan } from './recording-timeline.ts';

export interface RecorderPluginOptions {
  readonly streams: CameraStreams;
  readonly recorder: Pick<Recorder, 'timeline' | 'clip' | 'prune'>;
  readonly actorOf: (request: FastifyRequest) => Actor;
  /** Asked before footage leaves the house or is deleted: what cannot be told of is not done (T40). */
  readonly begin: BeginDeed;
}

const Time = Type.String({ format: 'date-time', maxLength: 40 });
const Span = Type.Object({ from: Time, to: Time });
const params = Type.Object({ id: CameraId });
const tags = ['cameras'];
const Timeline = Type.Object({ items: Type.Array(RecordingSpan), next: Type.Optional(Time) });
const Confirmation = Type.Object(
  { confirm: Type.Boolean({ default: false, description: 'delete even more than a fifth of all recordings' }) },
  { additionalProperties: false },
);
const Pruned = Type.Object({ deleted: Type.Integer(), bytes: Type.Integer(), refused: Type.Integer() });

/** What is recorded, over HTTP, under the API's prefix. */
export const recorderPlugin: FastifyPluginAsyncTypebox<RecorderPluginOptions> = async (app, options) => {
  const { streams, recorder, actorOf, begin } = options;

  const list = { params, querystring: Span, response: { 200: Timeline }, tags };
  app.get('/cameras/:id/recordings', { config: { access: 'any' }, schema: list }, async (request) => {
    const { id } = visibleCamera(streams, request.params.id, actorOf(request));
    const { items, next } = await recorder.timeline({ camera: id, ...spanOf(request.query) });
    return { items: items.map((item) => ({ ...item, ...timesOf(item) })), ...(next && { next: next.toISOString() }) };
  });

  // A HEAD would be an export that nobody gets.
  const clip = { config: { access: ['reviewer'] as const }, exposeHeadRoute: false };
  const asked = { params, querystring: Span, tags };
  app.get('/cameras/:id/clip.mp4', { ...clip, schema: asked }, async (request, reply) => {
    const actor = actorOf(request);
    const { id } = visibleCamera(streams, request.params.id, actor);
    const found = await recorder.clip({ camera: id, ...spanOf(request.query) });
    const details = { ...timesOf(found), bytes: found.bytes };
    const end = await begin({ actor, action: 'recording.export', object: `camera/${id}`, details }).catch((error) => {
      found.leave();
      throw error;
    });
    return await sendClip(reply, { camera: id, clip: found, end });
  });

  const prune = { body: Confirmation, response: { 200: Pruned }, tags };
  app.post('/recordings/prune', { config: { access: ['admin'], wholeSite: true }, schema: prune }, async (request) => {
    const deed = { actor: actorOf(request), action: 'recording.prune', details: request.body };
    return await perform(begin(deed), () => recorder.prune(request.body));
  });
};

/** A plain MP4 as a download; a client that goes away ends the reading. Its name has letters that need no escaping. */
async function sendClip(reply: FastifyReply, { camera, clip, end }: Leaving): Promise<FastifyReply> {
  const bytes = clip.stream();
  void tellWhenRead(bytes, end);
  const name = `${camera}-${clip.from.toISOString().replaceAll(/[:.]/g, '')}.mp4`;
  return await reply
    .type('video/mp4')
    .header('Content-Length', clip.bytes)
    .header('Content-Disposition', `attachment; filename="${name}"`)
    .header('Cache-Control', 'private, no-store')
    .header('X-Recording-From', clip.from.toISOString())
    .header('X-Recording-To', clip.to.toISOString())
    .header('X-Recording-Gaps', clip.gaps)
    .send(bytes);
}

interface Leaving {
  readonly camera: string;
  readonly clip: Clip;
  readonly end: EndDeed;
}

function spanOf({ from, to }: { readonly from: string; readonly to: string }) {
  return { from: new Date(from), to: new Date(to) };
}

function timesOf({ from, to }: { readonly from: Date; readonly to: Date }) {
  return { from: from.toISOString(), to: to.toISOString() };
}
