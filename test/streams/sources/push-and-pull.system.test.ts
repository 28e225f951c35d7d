import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../../demo/free-port.ts';
import { endChild, spawnChild } from '../../../src/shared/child.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { commandLines } from '../../helpers/processes.ts';
import { makeClip } from '../clips.ts';
import { key, listening, push } from '../rtmp/pusher.ts';
import { camera, limits, play, startSources } from './playing.ts';

test('a camera that pushes is waited for with its cause, live when it pushes, and waited for again', async () => {
  const drone = camera('rtmp', { id: 'drone-1', publishKey: key });
  await using house = startSources([drone]);
  const port = await listening(house.sources.intake);
  await using streams = new CameraStreams({
    cameras: [drone],
    resolveOnvif: () => Promise.reject(new Error('no ONVIF here')),
    otherSource: (config) => house.sources.sessionOf(config),
    ffmpegPath: 'ffmpeg',
    log: silentLog,
    limits,
  });
  const state = () => streams.status('drone-1')?.state;
  const chunks: Buffer[] = [];
  streams.open({ camera: 'drone-1' }, { write: (data) => chunks.push(data) > 0, end: () => undefined });
  await expect.poll(state).toMatchObject({ phase: 'waiting', cause: 'no_publisher' });
  expect(state()?.retryAt).toBeUndefined();
  expect(state()?.message).toContain('/live/drone-1');
  expect(state()?.message).not.toContain(key);
  const pusher = push(await makeClip(), `rtmp://127.0.0.1:${port}/live/drone-1?key=${key}`);
  await expect.poll(() => state()?.phase, { timeout: 20_000 }).toBe('live');
  await expect.poll(() => chunks.length, { timeout: 20_000 }).toBeGreaterThan(10);
  await pusher[Symbol.asyncDispose]();
  await expect.poll(state, { timeout: 20_000 }).toMatchObject({ phase: 'waiting', cause: 'no_publisher' });
}, 60_000);

test('sound of a push comes with the pictures', async () => {
  const drone = camera('rtmp', { id: 'drone-1', publishKey: key });
  await using house = startSources([drone]);
  const port = await listening(house.sources.intake);
  await using played = play(house.sources, drone);
  const args = [
    '-loglevel',
    'error',
    '-re',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=320x240:rate=25',
    '-f',
    'lavfi',
    '-i',
    'sine=r=44100',
  ];
  const codecs = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '25',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-f',
    'flv',
  ];
  const child = spawnChild('ffmpeg', [
    '-nostdin',
    ...args,
    ...codecs,
    `rtmp://127.0.0.1:${port}/live/drone-1?key=${key}`,
  ]);
  await expect
    .poll(() => [played.pictures.length > 10, played.sounds.length > 10], { timeout: 30_000 })
    .toEqual([true, true]);
  expect(played.sounds[0]).toMatchObject({ codec: 'aac', clockRate: 44_100 });
  await endChild(child, 500);
}, 60_000);

test('an RTMP server is played, its stream key on no command line', async () => {
  const port = await freePort(0);
  const clip = await makeClip({ size: '320x240', slices: 1, seconds: 2 });
  const listen = ['-f', 'flv', '-listen', '1', `rtmp://127.0.0.1:${port}/live/a`];
  const server = spawnChild('ffmpeg', [
    '-loglevel',
    'error',
    '-nostdin',
    '-re',
    '-stream_loop',
    '-1',
    '-i',
    clip,
    '-c',
    'copy',
    ...listen,
  ]);
  const source = camera(`rtmp://127.0.0.1:${port}/live/a?key=canary`);
  await using house = startSources([source]);
  await untilBound('tcp', port);
  await using played = play(house.sources, source);
  await expect.poll(() => played.pictures.length, { timeout: 20_000 }).toBeGreaterThan(10);
  expect(played.pictures[0]).toMatchObject({ codec: 'h264', key: true });
  expect(commandLines(process.pid).join('\n')).toMatch(/ffmpeg/);
  expect(commandLines(process.pid).join('\n')).not.toContain('canary');
  await played.stop();
  await endChild(server, 500);
}, 60_000);

test('an SRT sender is played', async () => {
  const port = await freePort(0);
  const clip = await makeClip({ size: '320x240', slices: 1, seconds: 2 });
  const listen = ['-f', 'mpegts', `srt://127.0.0.1:${port}?mode=listener`];
  const sender = spawnChild('ffmpeg', [
    '-loglevel',
    'error',
    '-nostdin',
    '-re',
    '-stream_loop',
    '-1',
    '-i',
    clip,
    '-c',
    'copy',
    ...listen,
  ]);
  const source = camera(`srt://127.0.0.1:${port}?mode=caller`);
  await using house = startSources([source]);
  await untilBound('udp', port);
  await using played = play(house.sources, source);
  await expect.poll(() => played.pictures.length, { timeout: 20_000 }).toBeGreaterThan(10);
  expect(played.pictures[0]).toMatchObject({ codec: 'h264', key: true });
  await played.stop();
  await endChild(sender, 500);
}, 60_000);

test('an RTMP server that never answers is given up', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const source = camera(`rtmp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/live/a`);
  await using house = startSources([source]);
  expect((await play(house.sources, source).ended)?.failure).toMatch(/no_packets|timeout/);
  for (const socket of sockets) socket.destroy();
  silent.close();
}, 60_000);

/** A server that takes one connection cannot be asked whether it listens: the kernel can (proc(5), /proc/net/tcp and udp). */
async function untilBound(table: 'tcp' | 'udp', port: number): Promise<void> {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000`;
  await expect.poll(() => readFileSync(`/proc/net/${table}`, 'utf8'), { timeout: 20_000 }).toContain(local);
}
