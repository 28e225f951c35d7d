import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import type { RtspStreamOptions } from '../../demo/simulators/rtsp/load-streams.ts';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { type Actor, systemActor } from '../../src/shared/actor.ts';
import { checkValue } from '../../src/shared/check-value.ts';
import { silentLog } from '../../src/shared/log.ts';
import { openStore } from '../../src/store/store.ts';
import type { CameraEntry } from '../../src/streams/config.ts';
import { videoPlugin } from '../../src/streams/plugin.ts';
import { resolveCameras } from '../../src/streams/resolve-cameras.ts';
import { Video } from '../../src/streams/video.ts';
import { VideoConfig } from '../../src/streams/video-config.ts';

export interface SiteOptions {
  /** Where its database and its recordings are. */
  readonly directory: string;
  /** The page's own script. */
  readonly script: string;
  /** What the simulated cameras show, by path. */
  readonly streams: Readonly<Record<string, RtspStreamOptions>>;
  readonly cameras: (urlOf: (path: string) => string) => CameraEntry[];
}

/** A server of all video and a page with the wall's players; whoever asks may watch. */
export interface PlayerSite extends AsyncDisposable {
  readonly url: string;
  readonly video: Video;
  /** WebSocket-FLV of a camera; `query` without a question mark. */
  flvUrl(camera: string, query?: string): string;
  whepUrl(camera: string): string;
}

const watcher: Actor = { ...systemActor, role: 'seat' };

/** Simulated cameras, the streams slice behind a real server, and the page. */
export async function startPlayerSite({ directory, script, streams, cameras }: SiteOptions): Promise<PlayerSite> {
  await using opened = new AsyncDisposableStack();
  const simulated = opened.use(await startRtspServer({ streams }));
  const store = await openStore(`${directory}/operations.sqlite`);
  opened.defer(() => store.close());
  const video = new Video({
    cameras: resolveCameras({ cameras: cameras((path) => simulated.urlOf(path)) }),
    config: usualConfig(),
    store,
    dataDirectory: directory,
    ffmpegPath: 'ffmpeg',
    log: silentLog,
  });
  const app = Fastify({ forceCloseConnections: true });
  opened.defer(() => app.close());
  await app.register(websocket);
  await app.register(videoPlugin, {
    video,
    actorOf: () => watcher,
    redeemTicket: () => watcher,
    record: () => {},
    sessionEnded: () => () => {},
  });
  servePage(app, script);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  video.start();
  const left = opened.move();
  const flvUrl = (camera: string, query = '') => `${url.replace(/^http/, 'ws')}/streams/${camera}.flv?${query}`;
  const whepUrl = (camera: string) => `${url}/streams/${camera}.whep`;
  return { url, video, flvUrl, whepUrl, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

function usualConfig(): VideoConfig {
  const checked = checkValue(VideoConfig, {});
  if (!checked.ok) throw new Error('the usual settings of video are not valid');
  return checked.value;
}

function servePage(app: FastifyInstance, script: string): void {
  const page = '<!doctype html><meta charset="utf-8"><title>players</title><body><script src="/page.js"></script>';
  app.get('/', async (_request, reply) => reply.type('text/html').send(page));
  app.get('/page.js', async (_request, reply) => reply.type('text/javascript').send(script));
}
