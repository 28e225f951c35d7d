import { expect, test } from 'vitest';
import { TranscodersBusyError } from '../../../src/streams/transcode/transcoder-slots.ts';
import { isRunning } from '../../helpers/processes.ts';
import { makeClip } from '../clips.ts';
import { bridge, ffmpegs, startCameras, Viewer, wait } from './transcoding-house.ts';

test('an H.265 camera is H.264 for all who ask, by one process, with the times of its pictures', async () => {
  await using house = await startCameras({ bridge });
  const [plain, first, second] = [new Viewer(), new Viewer(), new Viewer()];
  const wanted = { camera: 'bridge', codec: 'h264' } as const;
  house.streams.open({ camera: 'bridge' }, plain);
  house.streams.open(wanted, first);
  await expect.poll(() => first.pictures.length, wait).toBeGreaterThan(30);
  const before = first.pictures.length;
  house.streams.open(wanted, second);
  // From what is kept since the last key picture: nothing new came in between.
  expect([second.pictures.length > 0, first.pictures.length]).toEqual([true, before]);
  expect(ffmpegs()).toHaveLength(1);
  expect([plain.pictures[0]?.codec, first.pictures[0]?.codec]).toEqual(['h265', 'h264']);
  const steps = first.pictures.map(({ timestamp }, index, all) => timestamp - (all[index - 1]?.timestamp ?? timestamp));
  // Fifteen pictures a second, to the millisecond; a busy machine may leave some out.
  const offBeat = steps.map((step) => Math.abs(step / 6_000 - Math.round(step / 6_000)) * 6_000);
  expect(Math.max(...offBeat)).toBeLessThanOrEqual(2 * 90);
  expect(house.streams.status('bridge')).toMatchObject({ viewers: 3, video: { codec: 'h265' } });
  expect(house.server.dials).toBe(1);
  const [facts] = house.streams.transcoded();
  expect(facts).toMatchObject({ camera: 'bridge', profile: 'main', viewers: 2, restarts: 0 });
  expect(facts?.latencyMs).toBeLessThan(3_000);
}, 120_000);

test('the process ends after the last viewer; a killed one is followed by another', async () => {
  await using house = await startCameras({ bridge });
  const viewer = new Viewer();
  const opened = house.streams.open({ camera: 'bridge', codec: 'h264' }, viewer);
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(20);
  const [child] = ffmpegs();
  process.kill(child?.pid ?? 0, 'SIGKILL');
  const seen = viewer.pictures.length;
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(seen + 10);
  const times = viewer.pictures.map(({ timestamp }) => timestamp);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const [other, ...more] = ffmpegs();
  expect([other?.pid === child?.pid, more]).toEqual([false, []]);
  opened.close('left');
  await expect.poll(() => ffmpegs(), wait).toEqual([]);
  expect(house.streams.transcoded()).toEqual([]);
  expect(other && isRunning(other)).toBe(false);
}, 120_000);

test('a process that hangs is killed, and another goes on', async () => {
  await using house = await startCameras({ bridge });
  const viewer = new Viewer();
  house.streams.open({ camera: 'bridge', codec: 'h264' }, viewer);
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(20);
  const [child] = ffmpegs();
  process.kill(child?.pid ?? 0, 'SIGSTOP');
  await expect.poll(() => child && isRunning(child), wait).toBe(false);
  const seen = viewer.pictures.length;
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(seen + 10);
  expect(ffmpegs()).toHaveLength(1);
  expect(house.streams.transcoded()).toMatchObject([{ restarts: 1 }]);
}, 120_000);

test('an H.264 camera is shown as it is', async () => {
  await using house = await startCameras({ traffic: await makeClip({ size: '320x240' }) });
  const [unknown, known] = [new Viewer(), new Viewer()];
  const wanted = { camera: 'traffic', codec: 'h264' } as const;
  house.streams.open(wanted, unknown);
  await expect.poll(() => unknown.pictures.length, wait).toBeGreaterThan(10);
  house.streams.open(wanted, known);
  await expect.poll(() => known.pictures.length, wait).toBeGreaterThan(10);
  expect(ffmpegs()).toEqual([]);
  expect(house.streams.status('traffic')?.viewers).toBe(2);
}, 120_000);

test('beyond the limit a viewer is refused; a stream that nobody watches any more gives way', async () => {
  await using house = await startCameras({ one: bridge, two: bridge }, { transcoders: 1, lingerMs: 60_000 });
  const [one, two] = [new Viewer(), new Viewer()];
  const hold = new Viewer();
  house.streams.open({ camera: 'two' }, hold);
  const opened = house.streams.open({ camera: 'one', codec: 'h264' }, one);
  await expect.poll(() => one.pictures.length > 0 && hold.pictures.length > 0, wait).toBe(true);
  const wanted = { camera: 'two', codec: 'h264' } as const;
  expect(() => house.streams.admit(wanted)).toThrow(TranscodersBusyError);
  expect(() => house.streams.open(wanted, two)).toThrow(TranscodersBusyError);
  house.streams.admit({ camera: 'one', codec: 'h264' });
  opened.close('left');
  expect(ffmpegs()).toHaveLength(1);
  house.streams.open(wanted, two);
  await expect.poll(() => two.pictures.length, wait).toBeGreaterThan(5);
  await expect.poll(() => ffmpegs(), wait).toHaveLength(1);
}, 120_000);

test('a viewer of a camera that turns out to send H.265 when no slot is free is let go', async () => {
  await using house = await startCameras({ bridge }, { transcoders: 0 });
  const viewer = new Viewer();
  house.streams.open({ camera: 'bridge', codec: 'h264' }, viewer);
  await expect.poll(() => viewer.ended, wait).toBe('closed');
  expect(viewer.pictures).toEqual([]);
}, 120_000);
