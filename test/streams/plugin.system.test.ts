import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { makeClip } from './clips.ts';
import { probe, startWall } from './viewing/wall.ts';

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
