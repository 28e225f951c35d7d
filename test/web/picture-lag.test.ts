import { expect, test } from 'vitest';
import { nextPicture, type Picture, pictureAgeMs, remedyFor } from '../../web/src/player/picture-lag.ts';
import { tileAge } from '../../web/src/player/tile-age.ts';

type Moment = readonly [at: number, media: number, ahead?: number];

/** Frames as they come on the screen, in seconds: when, and of which moment of the stream. */
const after = (...frames: readonly Moment[]): Picture => {
  const shown = frames.map(([at, media, ahead = 0]) => ({ at: at * 1e3, mediaMs: media * 1e3, aheadMs: ahead * 1e3 }));
  const last = shown.reduce<Picture | undefined>(nextPicture, undefined);
  if (!last) throw new Error('no frame');
  return last;
};
const lag = (...frames: readonly Moment[]) => Math.round(after(...frames).lagMs);

test('the nearest to live that a session has been is live', () => {
  expect(lag([100, 0], [110, 10])).toBe(0);
  expect(lag([100, 0], [110, 11], [120, 20.5])).toBeCloseTo(498, -1);
});

test('a browser that cannot keep up falls behind, whatever it has in its buffer', () => {
  expect(lag([100, 0], [110, 4])).toBeCloseTo(5_998, -1);
  const picture = after([100, 0], [110, 4]);
  expect(tileAge(pictureAgeMs(picture, 110_000))).toBe('frozen');
});

test('what is received and not shown is lag from the first frame on', () => {
  expect(lag([100, 0, 1.8])).toBe(1_800);
});

test('caught up again, it is live again', () => {
  expect(lag([100, 0], [110, 4], [120, 19.9])).toBeCloseTo(96, -1);
});

test('a camera’s slow clock is no lag: a day of 100 ppm', () => {
  const day = Array.from({ length: 1_440 }, (_, minute) => [minute * 60, minute * 60 * (1 - 1e-4)] as const);
  expect(lag(...day)).toBe(0);
});

test('a picture that stays grows old, two frames apart do not', () => {
  const picture = after([100, 0, 0.2]);
  expect([100_400, 102_500, 105_500].map((now) => pictureAgeMs(picture, now))).toEqual([200, 2_200, 5_200]);
  expect([100_400, 102_500, 105_500].map((now) => tileAge(pictureAgeMs(picture, now)))).toEqual([
    'fresh',
    'counting',
    'frozen',
  ]);
});

test('six seconds behind it jumps to what is there, else it is dialled anew, if the camera is live', () => {
  const remedy = (ageMs: number, aheadMs: number, cameraLive = true) => remedyFor({ ageMs, aheadMs, cameraLive });
  expect([remedy(5_900, 5_000), remedy(6_100, 5_000), remedy(6_100, 300)]).toEqual(['none', 'jump', 'redial']);
  expect([remedy(60_000, 300, false), remedy(60_000, 2_000, false)]).toEqual(['none', 'jump']);
});
