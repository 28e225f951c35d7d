import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Recorder } from '../../../src/streams/recorder/recorder.ts';
import { TranscoderSlots } from '../../../src/streams/transcode/transcoder-slots.ts';
import { makeClip } from '../clips.ts';
import { ffmpegs, Viewer } from '../transcode/transcoding-house.ts';
import { probe, startWall } from '../viewing/wall.ts';
import { openRecordingHouse, timelineOf } from './recording-house.ts';

const slots = new TranscoderSlots(1);
const options = { segmentMs: { continuous: 2_000, alert: 1_000 }, transcoding: { slots, ffmpegPath: 'ffmpeg' } };
const wait = { timeout: 60_000, interval: 100 };

const patientMs = 60_000;

/** Some seconds of H.265 on disk; its camera is gone. */
async function openRecorded(blockedLimitMs: number) {
  const began = new Date(Date.now() - 1_000);
  const clip = await makeClip({ codec: 'h265', size: '320x240', slices: 1 });
  const house = await openRecordingHouse({ clips: { cam: clip }, options: { ...options, blockedLimitMs } });
  const recorded = async () =>
    (await timelineOf(house.recorder, 'cam', began)).filter(({ kind }) => kind === 'recording');
  const lengthMs = async () => (await recorded()).reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);
  await vi.waitUntil(async () => (await lengthMs()) > 5_000, wait);
  await house.streams.close();
  await vi.waitUntil(() => house.recorder.states().get('cam')?.phase === 'waiting', wait);
  const [first] = await recorded();
  return { house, clip, blockedLimitMs, from: first?.from ?? began };
}

type Recorded = Awaited<ReturnType<typeof openRecorded>>;

/** One for each test, recorded at once: that takes its time. */
let ready: Recorded[] = [];

beforeAll(async () => {
  ready = await Promise.all([patientMs, patientMs, patientMs, 1_000].map(openRecorded));
}, 120_000);

afterAll(async () => {
  for (const { house } of ready) await house[Symbol.asyncDispose]();
});

/** A test that is tried again records anew. */
async function takeRecorded(blockedLimitMs = patientMs): Promise<Recorded> {
  const index = ready.findIndex((recorded) => recorded.blockedLimitMs === blockedLimitMs);
  const [recorded] = index < 0 ? [] : ready.splice(index, 1);
  return recorded ?? (await openRecorded(blockedLimitMs));
}

async function played(recorder: Recorder, from: Date, form: 'flv' | 'h264'): Promise<Viewer> {
  const found = await recorder.playback.find({ camera: 'cam', from, speed: 2 });
  const viewer = new Viewer();
  found?.open(form, viewer, () => undefined);
  await expect.poll(() => viewer.ended, wait).toBe('closed');
  return viewer;
}

test('ffprobe plays an H.265 recording, and as H.264 too; with all transcoders taken it is told to come again', async () => {
  const { house, clip, from } = await takeRecorded();
  await using opened = new AsyncDisposableStack();
  opened.use(house);
  const wall = opened.use(await startWall({ cam: clip }, { playback: house.recorder.playback }));
  const since = `&from=${encodeURIComponent(from.toISOString())}`;
  // The ffprobe of Debian 12 does not know H.265 in FLV: it is given the bare stream.
  expect(await probe(wall.ticketUrl('cam', since))).toBe('hevc,320,240');
  expect(await probe(wall.ticketUrl('cam', `${since}&codec=h264`))).toContain('h264,320,240');
  await expect.poll(() => slots.used, wait).toBe(0);
  const leave = slots.take({ spare: false, yieldSlot: () => undefined });
  const refused = await fetch(wall.ticketUrl('cam', `${since}&codec=h264`));
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('TRANSCODERS_BUSY')]);
  leave();
  const watched = await fetch(wall.ticketUrl('cam', since));
  expect(watched.headers.get('content-type')).toBe('video/x-flv');
  await watched.body?.cancel();
}, 180_000);

test('every recorded picture of H.265 is played as H.264, in its order, and no process is left', async () => {
  const { house, from } = await takeRecorded();
  await using _ = house;
  const before = ffmpegs().length;
  const as265 = await played(house.recorder, from, 'flv');
  const as264 = await played(house.recorder, from, 'h264');
  expect(as265.pictures[0]?.codec).toBe('h265');
  expect(as264.pictures[0]).toMatchObject({ codec: 'h264', key: true });
  // The transcoder may keep the very first one to itself.
  expect(as265.pictures.length - as264.pictures.length).toBeLessThanOrEqual(1);
  const steps = as264.pictures.slice(1).map(({ timestamp }, at) => timestamp - (as264.pictures[at]?.timestamp ?? 0));
  expect(steps.filter((step) => step !== 1_800)).toEqual([]);
  expect(slots.used).toBe(0);
  await expect.poll(() => ffmpegs().length, wait).toBe(before);
}, 180_000);

test('a viewer who leaves gives the transcoder back, and so does the end of the recorder', async () => {
  const { house, from } = await takeRecorded();
  await using _ = house;
  const before = ffmpegs().length;
  const open = async () => {
    const found = await house.recorder.playback.find({ camera: 'cam', from, speed: 0.5 });
    const viewer = new Viewer();
    const watching = found?.open('h264', viewer, () => undefined);
    await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(0);
    return { viewer, watching };
  };
  const { watching } = await open();
  expect([slots.used, ffmpegs().length]).toEqual([1, before + 1]);
  watching?.close('left');
  expect(slots.used).toBe(0);
  const { viewer } = await open();
  await house.recorder.close();
  expect([viewer.ended, slots.used, ffmpegs().length]).toEqual(['closed', 0, before]);
}, 180_000);

test('a slow viewer is waited for and gets every picture; one that takes nothing is let go', async () => {
  const { house, from } = await takeRecorded(1_000);
  await using _ = house;
  const { pictures } = await played(house.recorder, from, 'flv');
  const found = await house.recorder.playback.find({ camera: 'cam', from, speed: 4 });
  const slow = new Viewer();
  let writes = 0;
  const write = (data: Buffer): boolean => {
    slow.write(data);
    writes += 1;
    if (writes % 10 > 0) return true;
    setTimeout(() => watching?.drained(), 200);
    return false;
  };
  const watching = found?.open('flv', { write, end: slow.end }, () => undefined);
  await expect.poll(() => slow.ended, wait).toBe('closed');
  expect([slow.pictures.length, watching?.dropped]).toEqual([pictures.length, 0]);
  // Without the pauses it would have been over in 1 s.
  expect((slow.times.at(-1) ?? 0) - (slow.times[0] ?? 0)).toBeGreaterThan(2_000);
  const stuck = new Viewer();
  const before = performance.now();
  found?.open('flv', { write: (data) => !stuck.write(data), end: stuck.end }, () => undefined);
  await expect.poll(() => stuck.ended, wait).toBe('blocked');
  expect(performance.now() - before).toBeGreaterThan(900);
}, 180_000);
