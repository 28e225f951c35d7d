import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordingsBetween } from '../../../src/store/recordings-repository.ts';
import type { Recorder } from '../../../src/streams/recorder/recorder.ts';
import { makeClip, run } from '../clips.ts';
import { openRecordingHouse, timelineOf } from './recording-house.ts';

const quick = { segmentMs: { continuous: 2_000, alert: 1_000 } };
const began = () => new Date(Date.now() - 1_000);

async function recordedMs(recorder: Recorder, camera: string, from: Date): Promise<number> {
  const items = await timelineOf(recorder, camera, from);
  return items.reduce(
    (sum, item) => sum + (item.kind === 'recording' ? item.to.getTime() - item.from.getTime() : 0),
    0,
  );
}

async function probe(path: string) {
  const shown = ['-show_entries', 'stream=codec_name,width,height:format=duration', '-of', 'json'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...shown, path]);
  return JSON.parse(stdout) as { streams: { codec_name: string; width: number }[]; format: { duration: string } };
}

/** One hash a picture, of its bytes as they are stored. */
async function hashesOf(path: string): Promise<string[]> {
  const { stdout } = await run('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:v',
    '-c',
    'copy',
    '-f',
    'framemd5',
    '-',
  ]);
  return stdout.split('\n').flatMap((line) => (line.startsWith('#') ? [] : (line.split(',').at(5)?.trim() ?? [])));
}

test.each([
  ['h264', 0],
  ['h265', 0],
  ['h264', 2],
] as const)(
  'ffprobe and ffmpeg play each recorded file of %s with %i B pictures',
  async (codec, bFrames) => {
    const clip = await makeClip({ codec, bFrames, size: '320x240', slices: 1 });
    const from = began();
    await using house = await openRecordingHouse({ clips: { cam: clip }, options: quick });
    await expect.poll(() => recordedMs(house.recorder, 'cam', from), { timeout: 30_000 }).toBeGreaterThan(5_000);
    await house.recorder.close();
    const files = globSync(join(house.directory, 'recordings/*/*/*.mp4'));
    expect(files.length).toBeGreaterThanOrEqual(2);
    for (const file of files) {
      const { streams, format } = await probe(file);
      expect(streams).toMatchObject([{ codec_name: codec === 'h264' ? 'h264' : 'hevc', width: 320 }]);
      expect(Number(format.duration)).toBeGreaterThan(0);
      const { stderr } = await run('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-']);
      expect(stderr).toBe('');
    }
  },
  90_000,
);

test('a camera that reboots leaves a gap with its reason, and so does a restart of ours', async () => {
  const from = began();
  await using house = await openRecordingHouse({ clips: { cam: await makeClip({ size: '320x240' }) }, options: quick });
  await expect.poll(() => recordedMs(house.recorder, 'cam', from), { timeout: 30_000 }).toBeGreaterThan(1_500);
  await house.server.refuse();
  await expect.poll(() => house.recorder.states().get('cam')?.phase, { timeout: 20_000 }).toBe('waiting');
  const off = await timelineOf(house.recorder, 'cam', from);
  expect(off.at(-1)).toMatchObject({ kind: 'gap', reason: 'offline' });
  await house.server.restore();
  await expect.poll(() => house.recorder.states().get('cam')?.phase, { timeout: 90_000 }).toBe('recording');
  await expect.poll(() => recordedMs(house.recorder, 'cam', from), { timeout: 30_000 }).toBeGreaterThan(3_500);
  const again = await house.restart();
  await expect.poll(() => again.states().get('cam')?.phase, { timeout: 30_000 }).toBe('recording');
  await expect.poll(() => recordedMs(again, 'cam', from), { timeout: 30_000 }).toBeGreaterThan(5_000);
  const items = await timelineOf(again, 'cam', from);
  const gaps = items.flatMap((item) => (item.kind === 'gap' ? [item.reason] : []));
  expect(gaps).toEqual(['not_recorded', 'offline', 'restart']);
  for (const [index, item] of items.entries()) {
    const before = items[index - 1];
    if (before) expect(Math.abs(item.from.getTime() - before.to.getTime())).toBeLessThan(260);
  }
}, 180_000);

test('a clip begins with the key picture before the asked time and holds the very pictures that were recorded', async () => {
  const from = began();
  await using house = await openRecordingHouse({ clips: { cam: await makeClip({ size: '320x240' }) }, options: quick });
  await expect.poll(() => recordedMs(house.recorder, 'cam', from), { timeout: 30_000 }).toBeGreaterThan(7_000);
  const [recorded] = (await timelineOf(house.recorder, 'cam', from)).filter(({ kind }) => kind === 'recording');
  if (!recorded) throw new Error('nothing recorded');
  const span = {
    camera: 'cam',
    from: new Date(recorded.from.getTime() + 1_500),
    to: new Date(recorded.from.getTime() + 5_500),
  };
  const clip = await house.recorder.clip(span);
  const early = span.from.getTime() - clip.from.getTime();
  expect([early >= 0, early <= 1_050, clip.gaps]).toEqual([true, true, 0]);
  const path = join(house.directory, 'clip.mp4');
  await writeFile(path, clip.stream());
  await house.recorder.close();
  const bytes = (await run('stat', ['-c', '%s', path])).stdout.trim();
  expect(Number(bytes)).toBe(clip.bytes);
  const { streams, format } = await probe(path);
  expect(streams).toMatchObject([{ codec_name: 'h264', width: 320 }]);
  expect(Math.abs(Number(format.duration) * 1_000 - (clip.to.getTime() - clip.from.getTime()))).toBeLessThan(100);
  const rows = await recordingsBetween(house.store.db, { ...span, from: recorded.from }, 100);
  const stored = (
    await Promise.all(rows.map(({ file }) => hashesOf(join(house.directory, 'recordings', file))))
  ).flat();
  const exported = await hashesOf(path);
  expect(exported.length).toBeGreaterThan(90);
  const start = stored.indexOf(exported[0] ?? '');
  expect(stored.join().includes(exported.join())).toBe(true);
  expect(start).toBeGreaterThanOrEqual(0);
  const { stderr } = await run('ffmpeg', ['-v', 'warning', '-i', path, '-f', 'null', '-']);
  expect(stderr).toBe('');
}, 90_000);

test('played twice as fast, what was recorded takes half the time', async () => {
  const from = began();
  await using house = await openRecordingHouse({ clips: { cam: await makeClip({ size: '320x240' }) }, options: quick });
  await expect.poll(() => recordedMs(house.recorder, 'cam', from), { timeout: 30_000 }).toBeGreaterThan(8_000);
  const [recorded] = (await timelineOf(house.recorder, 'cam', from)).filter(({ kind }) => kind === 'recording');
  if (!recorded) throw new Error('nothing recorded');
  await house.streams.close();
  const lengthMs = await recordedMs(house.recorder, 'cam', from);
  const playedAt = async (speed: number) => {
    const chunks: Buffer[] = [];
    const startedMs = performance.now();
    const { promise, resolve } = Promise.withResolvers<string>();
    const sink = { write: (data: Buffer) => chunks.push(data) > 0, end: (reason: string) => resolve(reason) };
    const found = await house.recorder.playback.find({ camera: 'cam', from: recorded.from, speed });
    found?.open('flv', sink, () => undefined);
    expect(await promise).toBe('closed');
    return { tookMs: performance.now() - startedMs, flv: Buffer.concat(chunks) };
  };
  const [twice, eight] = await Promise.all([playedAt(2), playedAt(8)]);
  expect(Math.abs(twice.tookMs - (lengthMs / 2 - 500))).toBeLessThan(1_500);
  expect(eight.tookMs).toBeLessThan(lengthMs / 4);
  const path = join(house.directory, 'played.flv');
  await writeFile(path, twice.flv);
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-count_frames',
    '-show_entries',
    'stream=nb_read_frames',
    '-of',
    'csv=p=0',
    path,
  ]);
  expect(Math.abs(Number.parseInt(stdout, 10) - (lengthMs * 25) / 1_000)).toBeLessThan(5);
}, 90_000);
