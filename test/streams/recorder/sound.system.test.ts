import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import type { Recorder } from '../../../src/streams/recorder/recorder.ts';
import { makeClipWithSound, makeFlashingClip } from '../audio/sounds.ts';
import { makeClip, run } from '../clips.ts';
import { Viewer } from '../transcode/transcoding-house.ts';
import { openRecordingHouse, type RecordingHouse, timelineOf } from './recording-house.ts';

const quick = { segmentMs: { continuous: 3_000, alert: 1_000 } };
const waiting = { timeout: 60_000, interval: 100 };

async function recordedMs(recorder: Recorder, from: Date): Promise<number> {
  const items = await timelineOf(recorder, 'cam', from);
  const lengths = items.map((item) => (item.kind === 'recording' ? item.to.getTime() - item.from.getTime() : 0));
  return lengths.reduce((sum, ms) => sum + ms, 0);
}

/** Everything that was recorded, as a clip on the disk. */
async function clipOf({ recorder, directory }: RecordingHouse, from: Date): Promise<string> {
  const clip = await recorder.clip({ camera: 'cam', from, to: new Date() });
  const path = join(directory, 'clip.mp4');
  const bytes = Buffer.concat(await clip.stream().toArray());
  if (bytes.length !== clip.bytes) throw new Error(`a clip of ${clip.bytes} bytes has ${bytes.length}`);
  await writeFile(path, bytes);
  return path;
}

interface Streams {
  readonly streams: readonly { codec_name: string; sample_rate?: string; channels?: number; duration?: string }[];
}

async function probe(path: string): Promise<Streams> {
  const shown = ['-show_entries', 'stream=codec_name,sample_rate,channels,duration', '-of', 'json'];
  return JSON.parse((await run('ffprobe', ['-v', 'error', ...shown, path])).stdout);
}

async function complaintsOf(path: string): Promise<string> {
  return (await run('ffmpeg', ['-v', 'warning', '-i', path, '-f', 'null', '-'])).stderr;
}

async function picturesIn(path: string): Promise<number> {
  const count = ['-select_streams', 'v', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0'];
  return Number((await run('ffprobe', ['-v', 'error', ...count, path])).stdout.trim());
}

/** When pictures turn white, seconds. */
async function flashesOf(path: string): Promise<number[]> {
  const filter = 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-an', '-vf', filter, '-f', 'null', '-']);
  const pictures = [...stdout.matchAll(/pts_time:([\d.]+)\s+lavfi\.signalstats\.YAVG=([\d.]+)/g)];
  const bright = pictures.map(([, time, mean]) => ({ time: Number(time), isWhite: Number(mean) > 128 }));
  return bright.flatMap(({ time, isWhite }, index) => (isWhite && bright[index - 1]?.isWhite === false ? [time] : []));
}

/** When silence ends, seconds. */
async function beepsOf(path: string): Promise<number[]> {
  const filter = 'silencedetect=noise=-30dB:duration=0.3';
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-i', path, '-vn', '-af', filter, '-f', 'null', '-']);
  return [...stderr.matchAll(/silence_end: ([\d.]+)/g)].map(([, time]) => Number(time));
}

test('what flashes and beeps at once does so in a clip over several files, within a tenth of a second', async ({
  expect,
}) => {
  const from = new Date(Date.now() - 1_000);
  await using house = await openRecordingHouse({
    clips: { cam: await makeFlashingClip(16) },
    sound: 'aac',
    options: quick,
  });
  await expect.poll(() => recordedMs(house.recorder, from), waiting).toBeGreaterThan(10_000);
  await house.recorder.close();
  const files = globSync(join(house.directory, 'recordings/*/*/*.mp4'));
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const file of files) {
    const { streams } = await probe(file);
    expect(streams).toMatchObject([{ codec_name: 'h264' }, { codec_name: 'aac', sample_rate: '48000', channels: 1 }]);
    expect(await complaintsOf(file)).toBe('');
  }
  const clip = await clipOf(house, from);
  const { streams } = await probe(clip);
  expect(streams).toMatchObject([{ codec_name: 'h264' }, { codec_name: 'aac', sample_rate: '48000', channels: 1 }]);
  expect(Math.abs(Number(streams[0]?.duration) - Number(streams[1]?.duration))).toBeLessThan(0.7);
  expect(await complaintsOf(clip)).toBe('');
  const [flashes, beeps] = [await flashesOf(clip), await beepsOf(clip)];
  expect(flashes.length).toBeGreaterThanOrEqual(8);
  const apart = flashes.slice(0, -1).map((flash) => Math.min(...beeps.map((beep) => Math.abs(beep - flash))));
  expect(Math.max(...apart)).toBeLessThan(0.1);
}, 120_000);

/* Each of these records for some seconds in real time, on a disk of its own: all of them at once. */

test.concurrent.for([
  ['pcma', 'h264', '16000'],
  ['aac', 'h264', '48000'],
] as const)(
  'a clip of a camera with %s has sound as AAC',
  { timeout: 120_000 },
  async ([sound, codec, rate], { expect }) => {
    const from = new Date(Date.now() - 1_000);
    const path = sound === 'aac' ? await makeClipWithSound() : await makeClip({ codec, size: '320x240', slices: 1 });
    await using house = await openRecordingHouse({ clips: { cam: path }, sound, options: quick });
    await expect.poll(() => recordedMs(house.recorder, from), waiting).toBeGreaterThan(5_000);
    const clip = await clipOf(house, from);
    expect((await probe(clip)).streams).toMatchObject([
      { codec_name: codec },
      { codec_name: 'aac', sample_rate: rate },
    ]);
    expect(await complaintsOf(clip)).toBe('');
    const detect = ['-hide_banner', '-i', clip, '-vn', '-af', 'volumedetect', '-f', 'null', '-'];
    const { stderr } = await run('ffmpeg', detect);
    expect(Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1])).toBeGreaterThan(-40);
  },
);

test.concurrent('every picture of files with sound is played back', async ({ expect }) => {
  const from = new Date(Date.now() - 1_000);
  await using house = await openRecordingHouse({
    clips: { cam: await makeClipWithSound() },
    sound: 'aac',
    options: quick,
  });
  await expect.poll(() => recordedMs(house.recorder, from), waiting).toBeGreaterThan(4_000);
  await house.streams.close();
  await expect.poll(() => house.recorder.states().get('cam')?.phase, waiting).toBe('waiting');
  const [first] = await timelineOf(house.recorder, 'cam', from);
  const found = await house.recorder.playback.find({ camera: 'cam', from: first?.from ?? from, speed: 4 });
  const viewer = new Viewer();
  found?.open('flv', viewer, () => undefined);
  await expect.poll(() => viewer.ended, waiting).toBe('closed');
  const stored = globSync(join(house.directory, 'recordings/*/*/*.mp4')).map((file) => picturesIn(file));
  const recorded = (await Promise.all(stored)).reduce((sum, count) => sum + count, 0);
  expect(viewer.pictures.length).toBe(recorded);
}, 120_000);

test.concurrent('a camera without sound is recorded without a track of it', async ({ expect }) => {
  const from = new Date(Date.now() - 1_000);
  await using house = await openRecordingHouse({
    clips: { cam: await makeClip({ size: '320x240', slices: 1 }) },
    options: quick,
  });
  await expect.poll(() => recordedMs(house.recorder, from), waiting).toBeGreaterThan(2_000);
  expect((await probe(await clipOf(house, from))).streams).toMatchObject([{ codec_name: 'h264' }]);
});
