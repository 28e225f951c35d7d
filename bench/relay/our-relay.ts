import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { type Actor, systemActor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';
import { CameraStreams } from '../../src/streams/camera-streams.ts';
import { streamPlugin } from '../../src/streams/viewing/plugin.ts';
import { programOptions, say } from '../program.ts';

/* The streams slice behind a real server; whoever asks may watch. Says `{ viewUrls }`. */
const { urls } = programOptions<{ urls: string[] }>();
const watcher: Actor = { ...systemActor, role: 'seat' };
const streams = new CameraStreams({
  cameras: urls.map((source, n) => ({ id: `camera-${n}`, name: `${n}`, source, tags: [] })),
  resolveOnvif: async ({ url }) => ({ rtspUrl: url }),
  ffmpegPath: 'ffmpeg',
  log: silentLog,
});
const app = Fastify();
await app.register(websocket);
await app.register(streamPlugin, {
  streams,
  actorOf: () => watcher,
  redeemTicket: () => undefined,
  record: () => {},
  sessionEnded: () => () => {},
});
streams.start();
const address = await app.listen({ host: '127.0.0.1', port: 0 });
say({ viewUrls: urls.map((_, n) => `${address}/streams/camera-${n}.flv`) });
