import fastifyWebsocket from '@fastify/websocket';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import type { SessionEnd, WatchEntry } from '../../../src/streams/viewing/watchers.ts';
import { whepPlugin } from '../../../src/streams/whep/plugin.ts';
import type { WebrtcConfig } from '../../../src/streams/whep/webrtc-config.ts';
import type { SessionLimits } from '../../../src/streams/whep/whep-session.ts';
import { makeClip } from '../clips.ts';
import { WhepPlayer } from './whep-player.ts';

const seat: Actor = { id: 'u1', name: 'seat', role: 'seat', areas: ['west'] };

interface SiteOptions {
  readonly config?: Partial<WebrtcConfig>;
  readonly limits?: SessionLimits;
}

async function startSite(clips: Record<string, string>, { config, limits }: SiteOptions = {}) {
  const ids = Object.keys(clips);
  const server = await startRtspServer({
    streams: Object.fromEntries(ids.map((id) => [`/${id}`, { clip: clips[id] ?? '' }])),
  });
  const cameras = resolveCameras({
    cameras: ids.map((id) => ({ id, source: server.urlOf(`/${id}`), area: id === 'foreign' ? 'east' : 'west' })),
  });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const streams = new CameraStreams({ cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, lingerMs: 200 });
  const rows: WatchEntry[] = [];
  const listeners = new Set<(ended: SessionEnd) => void>();
  const app = Fastify({ forceCloseConnections: true });
  await app.register(fastifyWebsocket);
  await app.register(whepPlugin, {
    streams,
    config: { enabled: true, addresses: [], maxSessions: 4, ...config },
    log: silentLog,
    ...(limits && { limits }),
    actorOf: () => undefined,
    redeemTicket: (ticket) => (ticket === 'good' ? seat : undefined),
    record: (row) => rows.push(row),
    sessionEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const post = (id: string, body: string, { type = 'application/sdp', ticket = 'good' } = {}) =>
    fetch(`${origin}/streams/${id}.whep?ticket=${ticket}`, { method: 'POST', headers: { 'content-type': type }, body });
  const play = async (id: string) => {
    const player = new WhepPlayer();
    const response = await post(id, await player.offer());
    if (response.status === 201) await player.accept(await response.text());
    return { player, response, location: `${origin}${response.headers.get('location')}` };
  };
  return {
    server,
    streams,
    rows,
    post,
    play,
    endSession: (ended: SessionEnd) => {
      for (const listener of listeners) listener(ended);
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await streams.close();
      await server.close();
    },
  };
}

const watchRows = (rows: readonly WatchEntry[]) => rows.map(({ action, details }) => [action, details]);
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

test('an offer is answered, pictures come from a key picture on with its parameter sets, and DELETE ends it', async () => {
  await using site = await startSite({ main: await makeClip() });
  const { player, response, location } = await site.play('main');
  await using _player = player;
  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toMatch(/^application\/sdp/);
  expect(new URL(location).pathname).toMatch(/^\/streams\/main\.whep\/[\w-]{24}$/);
  await expect.poll(() => player.packets.length, { timeout: 20_000 }).toBeGreaterThan(30);
  const types = player.packets.map(({ payload }) => payload.readUInt8(0) & 0x1f);
  expect(types[0]).toBe(24);
  expect(player.packets.every(({ payload }) => payload.length <= 1_200)).toBe(true);
  const sequences = player.packets.map(({ header }) => header.sequenceNumber);
  expect(sequences).toEqual(sequences.map((_, index) => ((sequences[0] ?? 0) + index) & 0xffff));
  expect(site.streams.status('main')?.viewers).toBe(1);

  expect((await fetch(location, { method: 'DELETE' })).status).toBe(204);
  expect(site.streams.status('main')?.viewers).toBe(0);
  expect((await fetch(location, { method: 'DELETE' })).status).toBe(401);
  expect(watchRows(site.rows)).toEqual([
    ['watch.start', { over: 'webrtc' }],
    ['watch.stop', expect.objectContaining({ over: 'webrtc', reason: 'left' })],
  ]);
});

test('a session whose account is disabled ends at once, and one that is started meanwhile does not begin', async () => {
  await using site = await startSite({ main: await makeClip() });
  const { player } = await site.play('main');
  await using _player = player;
  await expect.poll(() => player.packets.length, { timeout: 20_000 }).toBeGreaterThan(5);
  site.endSession({ session: 's', account: 'u1' });
  expect(site.streams.status('main')?.viewers).toBe(0);
  expect(site.rows.at(-1)?.details).toMatchObject({ reason: 'revoked' });

  site.server.hang();
  await expect.poll(() => site.streams.status('main')?.state.phase, { timeout: 10_000 }).toBe('idle');
  const asked = site.play('main');
  await expect.poll(() => site.rows.length, { timeout: 10_000 }).toBe(3);
  site.endSession({ session: 's', account: 'u1' });
  const late = await asked;
  await late.player[Symbol.asyncDispose]();
  expect(late.response.status).toBe(503);
});

test('H.265, B pictures, a dead camera: refused with a sentence that says what to play instead', async () => {
  const bPictures = await makeClip({ bFrames: 2, slices: 1 });
  const h265 = await makeClip({ codec: 'h265', slices: 1 });
  const limits = { pictureMs: 3_000, connectMs: 3_000, silentMs: 3_000 };
  await using site = await startSite({ 'b-pictures': bPictures, h265, main: await makeClip() }, { limits });
  for (const id of ['b-pictures', 'h265', 'h265']) {
    const { response, player } = await site.play(id);
    await player[Symbol.asyncDispose]();
    expect(response.status).toBe(406);
    expect(await response.text()).toMatch(/STREAM_NOT_FOR_WEBRTC|\.flv/);
  }
  site.server.silence();
  const { response, player } = await site.play('main');
  await player[Symbol.asyncDispose]();
  expect(response.status).toBe(503);
});

test('no ticket, another area, another type, too long, no SDP, nothing to receive: each is refused', async () => {
  const clip = await makeClip();
  await using site = await startSite({ main: clip, foreign: clip });
  await using player = new WhepPlayer();
  const offer = await player.offer();
  expect((await site.post('main', offer, { ticket: 'bad' })).status).toBe(401);
  expect((await site.post('foreign', offer)).status).toBe(404);
  expect((await site.post('nowhere', offer)).status).toBe(404);
  expect((await site.post('main', '{}', { type: 'application/json' })).status).toBe(415);
  expect((await site.post('main', `${offer}${'a=x\r\n'.repeat(20_000)}`)).status).toBe(413);
  const mutilated = [
    'hello',
    'v=0\r\n',
    offer.replace('recvonly', 'sendonly'),
    offer.replace(/H264/g, 'VP8'),
    offer.replace(/a=fingerprint.*\r\n/g, ''),
    offer.replace(/a=ice-ufrag.*\r\n/g, ''),
    offer.replace(/^m=video .*/m, 'm=audio 9 UDP/TLS/RTP/SAVPF 0'),
  ];
  for (const sdp of mutilated) {
    const response = await site.post('main', sdp);
    expect([sdp.slice(0, 20), response.status]).toEqual([sdp.slice(0, 20), 406]);
    expect(await codeOf(response)).toBe('OFFER_REFUSED');
  }
  await expect.poll(() => site.streams.status('main')?.viewers).toBe(0);
});

test('more than the configuration allows are refused, and a place is free again when a player goes without a word', async () => {
  const limits = { pictureMs: 8_000, connectMs: 4_000, silentMs: 1_500 };
  await using site = await startSite({ main: await makeClip() }, { config: { maxSessions: 1 }, limits });
  const first = await site.play('main');
  await expect.poll(() => first.player.packets.length, { timeout: 20_000 }).toBeGreaterThan(5);
  const second = await site.play('main');
  await second.player[Symbol.asyncDispose]();
  expect(second.response.status).toBe(503);
  expect(second.response.headers.get('location')).toBe(null);
  await first.player[Symbol.asyncDispose]();
  await expect.poll(() => site.streams.status('main')?.viewers, { timeout: 10_000 }).toBe(0);
});

test('a player that gets its answer and never connects is forgotten', async () => {
  const limits = { pictureMs: 8_000, connectMs: 500, silentMs: 10_000 };
  await using site = await startSite({ main: await makeClip() }, { limits });
  await using player = new WhepPlayer();
  const response = await site.post('main', await player.offer());
  expect(response.status).toBe(201);
  await expect.poll(() => site.streams.status('main')?.viewers, { timeout: 10_000 }).toBe(0);
});

test('the camera reboots and the same session goes on', async () => {
  await using site = await startSite({ main: await makeClip() });
  const { player } = await site.play('main');
  await using _player = player;
  await expect.poll(() => player.packets.length, { timeout: 20_000 }).toBeGreaterThan(20);
  site.server.dropAll();
  const before = player.packets.length;
  await expect.poll(() => player.packets.length, { timeout: 20_000 }).toBeGreaterThan(before + 40);
  const times = player.packets.map(({ header }) => header.timestamp);
  const steps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) >>> 0);
  expect(Math.max(...steps)).toBeLessThan(90_000);
});

test('switched off, there is no such route; closing the server ends every session', async () => {
  {
    await using site = await startSite({ main: await makeClip() }, { config: { enabled: false } });
    expect((await site.post('main', 'v=0')).status).toBe(404);
  }
  const site = await startSite({ main: await makeClip() });
  const { player } = await site.play('main');
  await using _player = player;
  await expect.poll(() => player.packets.length, { timeout: 20_000 }).toBeGreaterThan(5);
  await site[Symbol.asyncDispose]();
  expect(site.rows.at(-1)?.details).toMatchObject({ reason: 'closed' });
});
