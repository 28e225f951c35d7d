import { expect, test } from 'vitest';
import { readClip } from '../../../demo/simulators/rtsp/mp4-clip.ts';
import { PictureStudy } from '../../../src/streams/probe/picture-study.ts';
import { describeVideo, playability } from '../../../src/streams/probe/playability.ts';
import type { ProbedVideo } from '../../../src/streams/probe/probe-stage.ts';
import type { Codec } from '../../../src/streams/rtp/nal.ts';

const video: ProbedVideo = {
  codec: 'h264',
  profile: 'High',
  level: '4.0',
  width: 1920,
  height: 1080,
  chroma: '4:2:0',
  bitDepth: 8,
  bFrames: false,
  fps: 25,
  gopSeconds: 2,
};

test.each<[string, Partial<ProbedVideo>, { ok: boolean; code: string }]>([
  ['H.264 High', {}, { ok: true, code: 'ok' }],
  ['H.264 Constrained Baseline', { profile: 'Constrained Baseline' }, { ok: true, code: 'ok' }],
  ['H.264 with B frames', { bFrames: true }, { ok: true, code: 'b_frames' }],
  ['H.264 High 10', { profile: 'High 10', bitDepth: 10 }, { ok: false, code: 'profile' }],
  [
    'H.264 High 4:4:4 Predictive',
    { profile: 'High 4:4:4 Predictive', chroma: '4:4:4' },
    { ok: false, code: 'profile' },
  ],
  ['H.264 High that is 4:2:2', { chroma: '4:2:2' }, { ok: false, code: 'profile' }],
  ['H.265 Main', { codec: 'h265', profile: 'Main' }, { ok: true, code: 'h265' }],
  ['H.265 Main 10', { codec: 'h265', profile: 'Main 10', bitDepth: 10 }, { ok: true, code: 'h265' }],
  ['H.265 Range Extensions', { codec: 'h265', profile: 'Range Extensions' }, { ok: false, code: 'profile' }],
])('whether browsers play %s, and what is said about it', (_, more, expected) => {
  expect(playability({ ...video, ...more })).toMatchObject(expected);
});

test('a stream is described in one line', () => {
  expect(describeVideo(video)).toBe('H.264 High 4.0, 1920×1080, 25 pictures a second, a key picture every 2 s');
});

/** Times of pictures in the order they are sent. */
async function study(codec: Codec, times: readonly number[], keyEvery: number) {
  const clip = await readClip(new URL('../../../demo/clips/traffic.mp4', import.meta.url).pathname);
  const [sps, ...pps] = clip.parameterSets;
  if (codec !== clip.codec || !sps) throw new Error('the clip is H.264');
  const seen = new PictureStudy();
  const base = 0xffff_f000;
  times.forEach((time, index) => {
    const key = index % keyEvery === 0;
    const nals = [Buffer.from([key ? 0x65 : 0x41, 0x9a, 1, 2])];
    const timestamp = (base + time) >>> 0;
    seen.look({ codec, key, nals, parameters: { sps, pps }, timestamp, afterLoss: false });
  });
  return seen;
}

test('rate and distance of key pictures are as they came, also where the timestamps turn over', async () => {
  const seen = await study(
    'h264',
    Array.from({ length: 21 }, (_, index) => index * 3_600),
    10,
  );
  expect(seen.complete).toBe(true);
  expect(seen.video).toMatchObject({ codec: 'h264', fps: 25, gopSeconds: 0.4, bFrames: false });
});

test('pictures that are sent in another order than they are shown are B frames', async () => {
  const seen = await study('h264', [0, 10_800, 3_600, 7_200, 21_600, 14_400, 18_000], 50);
  expect(seen.video).toMatchObject({ bFrames: true });
  expect(seen.video?.gopSeconds).toBeUndefined();
  expect(seen.complete).toBe(false);
});
