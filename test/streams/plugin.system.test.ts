import { once } from 'node:events';
import fastifyWebsocket from '@fastify/websocket';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';
import { CameraStreams } from '../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../src/streams/resolve-cameras.ts';
import { streamPlugin } from '../../src/streams/viewing/plugin.ts';
import type { SessionEnd, WatchEntry } from '../../src/streams/viewing/watchers.ts';
import { makeClip, run } from './clips.ts';

const seat: Actor = { id: 'u1', name: 'seat', role: 'seat', areas: ['west'] };

async function startWall(clips: Record<string, string>) {
  const entries = Object.entries(clips);
  const login = { username: 'operator', password: 'canary-secret' };
  const paths = Object.fromEntries(entries.map(([id, clip]) => [`/${id}`, { clip }]));
  const server = await startRtspServer({ streams: paths, ...login, sessionTimeoutSeconds: 4 });
  const cameras = resolveCameras({
    defaults: login,
    cameras: entries.map(([id]) => ({ id, source: server.urlOf(`/${id}`), area: id === 'foreign' ? 'east' : 'west' })),
  });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const streams = new CameraStreams({ cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, lingerMs: 200 });
  const rows: WatchEntry[] = [];
  const listeners = new Set<(ended: SessionEnd) => void>();
  const tickets = new Map<string, string>();
  const app = Fastify({ forceCloseConnections: true });
  await app.register(fastifyWebsocket);
  await app.register(streamPlugin, {
    streams,
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
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const ticketUrl = (id: string) => {
    const ticket = `t${Math.random()}`;
    tickets.set(ticket, id);
    return `${origin}/streams/${id}.flv?ticket=${ticket}`;
  };
  return {
    server,
    streams,
    rows,
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

async function probe(url: string): Promise<string> {
  const shown = ['-analyzeduration', '1000000', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...shown, url]);
  return stdout.trim();
}

test('ffprobe sees H.264 with two slices a picture, and H.265, in the stream of a ticket', async () => {
  const h264 = await makeClip();
  const h265 = await makeClip({ codec: 'h265', slices: 1 });
  await using wall = await startWall({ 'cam-1.a': h264, hevc: h265 });
  expect(await probe(wall.ticketUrl('cam-1.a'))).toBe('h264,1280,720');
  expect(await probe(wall.ticketUrl('hevc'))).toBe('hevc,1280,720');
});

test('without a ticket, with a spent one or for another area there is no stream', async () => {
  await using wall = await startWall({ main: await makeClip(), foreign: await makeClip() });
  const { origin, ticketUrl } = wall;
  expect((await fetch(`${origin}/streams/main.flv`)).status).toBe(401);
  expect((await fetch(`${origin}/streams/main.flv?ticket=nonsense`)).status).toBe(401);
  expect((await fetch(ticketUrl('foreign'))).status).toBe(404);
  const url = ticketUrl('main');
  const first = await fetch(url);
  expect(first.status).toBe(200);
  await first.body?.cancel();
  expect((await fetch(url)).status).toBe(401);
  const refused = new WebSocket(`${origin.replace('http', 'ws')}/streams/main.flv`);
  const [, response] = await once(refused, 'unexpected-response');
  expect(response.statusCode).toBe(401);
  response.destroy();
});

test('a WebSocket viewer gets FLV, goes on over a reboot of the camera, and is cut when its account is disabled', async () => {
  await using wall = await startWall({ main: await makeClip() });
  const socket = new WebSocket(wall.ticketUrl('main').replace('http', 'ws'));
  const messages: Buffer[] = [];
  socket.on('message', (data: Buffer) => messages.push(data));
  await expect.poll(() => messages.length, { timeout: 8_000 }).toBeGreaterThan(10);
  expect(messages[0]?.subarray(0, 5)).toEqual(Buffer.from([0x46, 0x4c, 0x56, 1, 1]));
  wall.server.dropAll();
  const before = messages.length;
  await expect.poll(() => wall.streams.status('main')?.state.attempt, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => messages.length, { timeout: 10_000 }).toBeGreaterThan(before + 20);
  const times = messages.slice(1).map((tag) => tag.readUIntBE(4, 3));
  expect(times.every((time, index) => time >= (times[index - 1] ?? 0))).toBe(true);
  expect(Math.max(...times.map((time, index) => time - (times[index - 1] ?? time)))).toBeLessThan(500);
  const closed = once(socket, 'close');
  wall.endSession({ session: 's', account: 'u1' });
  await closed;
  expect(wall.rows.map(({ action }) => action)).toEqual(['watch.start', 'watch.stop']);
  expect(JSON.stringify(wall.rows)).not.toContain('canary');
});

test('a camera is dialled by the first viewer and left after the last', async () => {
  await using wall = await startWall({ main: await makeClip() });
  expect(wall.server.dials).toBe(0);
  const [a, b] = await Promise.all([fetch(wall.ticketUrl('main')), fetch(wall.ticketUrl('main'))]);
  await expect.poll(() => wall.streams.status('main')?.state.phase, { timeout: 8_000 }).toBe('live');
  expect([wall.server.dials, wall.streams.status('main')?.viewers]).toEqual([1, 2]);
  await Promise.all([a.body?.cancel(), b.body?.cancel()]);
  await expect.poll(() => wall.streams.status('main')?.state.phase, { timeout: 5_000 }).toBe('idle');
  await expect.poll(() => wall.server.clients, { timeout: 5_000 }).toBe(0);
});
