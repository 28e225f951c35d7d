import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { NoPictureError } from '../../../src/streams/frames/snapshot.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { descendantsOf } from '../../helpers/processes.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { makeClip } from '../clips.ts';

const wait = { timeout: 40_000, interval: 20 };
const size = '640x360';
const view = { write: () => true, end: () => undefined };

function streamsOf(url: string, pictureDirectory: string, ids = ['cam']): CameraStreams {
  const cameras = resolveCameras({ cameras: ids.map((id) => ({ id, source: url })) });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const shared = { resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, lingerMs: 100 };
  return new CameraStreams({ cameras, ...shared, pictureDirectory });
}

/** The mean brightness of the lowest rows: a band is dark. */
async function lowerEdge(jpeg: Buffer): Promise<number> {
  const { width = 0, height = 0 } = await sharp(jpeg).metadata();
  const strip = { left: 0, top: height - 10, width, height: 10 };
  const { channels } = await sharp(await sharp(jpeg).extract(strip).grayscale().toBuffer()).stats();
  return channels[0]?.mean ?? 255;
}

test('the last picture of a camera that fell out is shown at once, with its age burnt in, after a restart too', async () => {
  await using dir = await tempDir();
  await using server = await startRtspServer({ streams: { '/main': { clip: await makeClip({ size }) } } });
  await using streams = streamsOf(server.url, dir.path);
  streams.open({ camera: 'cam' }, view);
  await expect.poll(() => streams.status('cam')?.state.phase, wait).toBe('live');
  const live = await streams.snapshot('cam');
  await server.refuse();
  await expect.poll(() => streams.status('cam')?.state.phase, wait).not.toBe('live');
  const old = await streams.snapshot('cam');
  expect([live.live, old.live, old.at >= live.at]).toEqual([true, false, true]);
  expect(await sharp(old.jpeg).metadata()).toMatchObject({ width: 640, height: 360 });
  expect(await lowerEdge(old.jpeg)).toBeLessThan((await lowerEdge(live.jpeg)) - 30);
  await streams.close();
  await using later = streamsOf(server.url, dir.path);
  const kept = await later.snapshot('cam');
  expect([kept.live, kept.at]).toEqual([false, old.at]);
  expect(await lowerEdge(kept.jpeg)).toBeLessThan((await lowerEdge(live.jpeg)) - 30);
}, 120_000);

test('a camera that was only watched leaves its last picture when it goes dark, and when nobody watches any more', async () => {
  await using dir = await tempDir();
  await using server = await startRtspServer({ streams: { '/main': { clip: await makeClip({ size }) } } });
  await using streams = streamsOf(server.url, dir.path, ['lost', 'left']);
  streams.open({ camera: 'lost' }, view);
  const viewer = streams.open({ camera: 'left' }, view);
  await expect.poll(() => streams.list().every(({ state }) => state.phase === 'live'), wait).toBe(true);
  viewer.close('left');
  await expect.poll(() => streams.status('left')?.state.phase, wait).toBe('idle');
  await server.refuse();
  await expect.poll(() => streams.status('lost')?.state.phase, wait).not.toBe('live');
  await streams.close();
  await using later = streamsOf(server.url, dir.path, ['lost', 'left']);
  const pictures = await Promise.all(['lost', 'left'].map((id) => later.snapshot(id)));
  expect(pictures.map(({ live }) => live)).toEqual([false, false]);
}, 120_000);

test('a camera never seen has no picture; it is not waited for again and again', async () => {
  await using dir = await tempDir();
  await using server = await startRtspServer({ streams: { '/main': { clip: await makeClip({ size }) } } });
  server.hang();
  await using streams = streamsOf(server.url, dir.path);
  await expect(streams.snapshot('cam')).rejects.toThrow(NoPictureError);
  const again = performance.now();
  await expect(streams.snapshot('cam')).rejects.toMatchObject({ statusCode: 503 });
  expect(performance.now() - again).toBeLessThan(4_000);
}, 120_000);

test('a file that is no picture is no answer', async () => {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'cam.jpg'), randomUUID());
  await using server = await startRtspServer({ streams: { '/main': { clip: await makeClip({ size }) } } });
  await server.refuse();
  await using streams = streamsOf(server.url, dir.path);
  await expect(streams.snapshot('cam')).rejects.toThrow(NoPictureError);
}, 120_000);

test('snapshots of ten cameras at once are taken by two decoders at most', async () => {
  await using dir = await tempDir();
  await using server = await startRtspServer({ streams: { '/main': { clip: await makeClip({ size }) } } });
  const ids = Array.from({ length: 10 }, (_, index) => `cam-${index}`);
  await using streams = streamsOf(server.url, dir.path, ids);
  for (const camera of ids) streams.open({ camera }, view);
  await expect.poll(() => streams.list().every(({ state }) => state.phase === 'live'), wait).toBe(true);
  let most = 0;
  const count = setInterval(() => {
    most = Math.max(most, descendantsOf(process.pid).length);
  }, 2);
  const taken = await Promise.all(ids.map((id) => streams.snapshot(id))).finally(() => clearInterval(count));
  expect(taken.every(({ live, jpeg }) => live && jpeg.length > 1_000)).toBe(true);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(2);
}, 120_000);
