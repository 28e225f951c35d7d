import fastifyWebsocket from '@fastify/websocket';
import Fastify from 'fastify';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import type { PlaybackPort } from '../../../src/streams/viewing/opening.ts';
import { streamPlugin } from '../../../src/streams/viewing/plugin.ts';
import type { SessionEnd, WatchEntry } from '../../../src/streams/viewing/watchers.ts';
import { run } from '../clips.ts';

const seat: Actor = { id: 'u1', name: 'seat', role: 'seat', areas: ['west'] };

export interface WallOptions {
  readonly transcoders?: number;
  readonly playback?: PlaybackPort;
}

/** Clips by the camera's id; that of `ID/sub` is the camera's substream. The camera `foreign` is of another area. */
export async function startWall(clips: Record<string, string>, { transcoders = 2, playback }: WallOptions = {}) {
  const login = { username: 'operator', password: 'canary-secret' };
  const paths = Object.entries(clips).map(([path, clip]) => [`/${path}`, { clip }] as const);
  const server = await startRtspServer({ streams: Object.fromEntries(paths), ...login, sessionTimeoutSeconds: 4 });
  const ids = Object.keys(clips).filter((path) => !path.endsWith('/sub'));
  const cameras = resolveCameras({
    defaults: login,
    cameras: ids.map((id) => ({
      id,
      source: server.urlOf(`/${id}`),
      area: id === 'foreign' ? 'east' : 'west',
      ...(`${id}/sub` in clips && { substream: server.urlOf(`/${id}/sub`) }),
    })),
  });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const shared = { resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog };
  const streams = new CameraStreams({ cameras, ...shared, lingerMs: 200, transcoders });
  const rows: WatchEntry[] = [];
  const listeners = new Set<(ended: SessionEnd) => void>();
  const tickets = new Map<string, string>();
  const app = Fastify({ forceCloseConnections: true });
  await app.register(fastifyWebsocket);
  await app.register(streamPlugin, {
    streams,
    playback,
    actorOf: () => undefined,
    redeemTicket: (ticket, camera) => {
      const good = tickets.get(ticket) === camera;
      tickets.delete(ticket);
      return good ? seat : undefined;
    },
    record: (row) => rows.push(row),
    sessionEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  app.addHook('onClose', () => streams.close());
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const ticketUrl = (id: string, more = '') => {
    const ticket = `t${Math.random()}`;
    tickets.set(ticket, id);
    return `${origin}/streams/${id}.flv?ticket=${ticket}${more}`;
  };
  return {
    server,
    streams,
    rows,
    app,
    origin,
    ticketUrl,
    endSession: (ended: SessionEnd) => {
      for (const listener of listeners) listener(ended);
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await server.close();
    },
  };
}

/** What ffprobe sees of a stream: codec and size. */
export async function probe(url: string): Promise<string> {
  const shown = ['-analyzeduration', '1000000', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...shown, url]);
  return stdout.trim();
}
