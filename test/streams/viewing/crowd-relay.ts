import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { systemActor } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { streamPlugin } from '../../../src/streams/viewing/plugin.ts';
import type { CrowdFacts } from './crowd.ts';

/* The streams slice behind a real server, in a process of its own: its memory is nobody else's. Its argument is the camera. */
const [, , source = ''] = process.argv;
const streams = new CameraStreams({
  cameras: resolveCameras({ cameras: [{ id: 'cam', source }] }),
  resolveOnvif: () => Promise.reject(new Error('no ONVIF here')),
  ffmpegPath: 'ffmpeg',
  log: silentLog,
});
const ends: CrowdFacts['ends'] = [];
let published = 0;
streams.feed('cam', () => {
  published += 1;
});
const app = Fastify({ forceCloseConnections: true });
await app.register(websocket);
await app.register(streamPlugin, {
  streams,
  actorOf: (request) => ({ ...systemActor, id: String(request.headers['x-viewer']), role: 'seat' }),
  redeemTicket: () => undefined,
  record: ({ actor, action, details }) => {
    if (action === 'watch.stop') ends.push({ viewer: actor.id, ...(details as { reason: string; dropped: number }) });
  },
  sessionEnded: () => () => undefined,
});
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ port: Number(new URL(address).port) });
process.on('message', () => {
  const viewers = streams.status('cam')?.viewers ?? 0;
  process.send?.({ rssBytes: process.memoryUsage.rss(), published, viewers, ends } satisfies CrowdFacts);
});
process.on('disconnect', () => process.exit());
