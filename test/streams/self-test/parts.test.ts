import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seenMeters } from '../../../src/streams/self-test/camera-health.ts';
import { judgeDrift, shownDrift } from '../../../src/streams/self-test/clock-drift.ts';
import { daylightOf } from '../../../src/streams/self-test/daylight.ts';
import { lumaOfYuv } from '../../../src/streams/self-test/luma-picture.ts';
import { edgeColumns, edgeRows } from '../../../src/streams/self-test/picture-facts.ts';
import { scenesOfText, scenesText } from '../../../src/streams/self-test/scene-text.ts';
import { nextInTurn } from '../../../src/streams/self-test/whose-turn.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const limits = { shownSeconds: 5, faultSeconds: 60 };

test.each([
  [4_000, false, 'no', undefined],
  [-6_000, false, 'no', -6],
  [60_400, false, 'no', 60],
  [61_000, false, 'yes', 61],
  [-90_000_000, false, 'yes', -90_000],
  [50_000, true, 'yes', 50],
  [47_000, true, 'no', 47],
] as const)('a clock %d ms ahead (at fault before: %s) is a fault: %s, and shows %s s', (...row) => {
  const [offsetMs, isFault, verdict, shown] = row;
  expect(judgeDrift(offsetMs, limits, isFault).verdict).toBe(verdict);
  expect(shownDrift(offsetMs, limits)).toBe(shown);
});

test.each([
  [240, undefined, undefined],
  [240, 5_000, undefined],
  [240, 187, 180],
  [240, 43.7, 43],
  [undefined, 40, undefined],
])('a camera with a range of %s m and a visibility of %s m sees %s m', (range, visibility, meters) => {
  expect(seenMeters(range, visibility)).toBe(meters);
});

test.each([
  ['2026-06-01T04:00:00Z', 'day'],
  ['2026-06-01T12:00:00Z', 'dusk'],
  ['2026-06-01T18:00:00Z', 'night'],
])('at %s it is %s at the camera', (at, light) => {
  expect(daylightOf(new Date(at), { lat: 27.3, lon: 105.3 }, 90)).toBe(light);
});

test('a camera that nobody has placed says itself whether it is day', () => {
  expect([90, 20].map((mean) => daylightOf(new Date(), undefined, mean))).toEqual(['day', 'night']);
});

test('a picture of any size keeps its brightness', () => {
  const size = fc.integer({ min: 1, max: 350 }).map((half) => 2 * half);
  fc.assert(
    fc.property(size, size, fc.integer({ min: 0, max: 255 }), (width, height, level) => {
      const { luma } = lumaOfYuv(greyPicture(width, height, level));
      expect(Math.max(...luma.subarray(0, 400)) - level).toBeLessThanOrEqual(1);
      expect(luma.every((value) => Math.abs(value - level) <= 1)).toBe(true);
    }),
    { numRuns: 8 },
  );
});

test('a known scene survives being written, one that is still learnt is not written', () => {
  const edge = fc.double({ min: 0, max: 15, noNaN: true });
  const edges = fc
    .array(edge, { minLength: 4, maxLength: 4 })
    .map((few) => new Float32Array(edgeColumns * edgeRows).map((_, at) => few[at % 4] ?? 0));
  fc.assert(
    fc.property(
      edges,
      edges,
      fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      (upright, level, sharpness) => {
        const scene = { upright, level, sharpness };
        const text = scenesText({
          day: { phase: 'known', scene, learntMs: 5, lastMs: 9 },
          night: { phase: 'learning', scene, looks: 1, sinceMs: 0, lastMs: 0 },
        });
        expect(text.length).toBeLessThan(8_000);
        const read = scenesOfText(text);
        expect([read?.night, read?.day?.phase, read?.day?.scene.sharpness]).toEqual([undefined, 'known', sharpness]);
        const far = read?.day?.scene.upright.findIndex((value, at) => Math.abs(value - (upright[at] ?? 0)) > 0.04);
        expect(far).toBe(-1);
      },
    ),
    { numRuns: 10 },
  );
});

test('a file that holds something else is no scene', () => {
  for (const text of [
    '',
    '{',
    'null',
    '{"version":2}',
    '{"version":1,"day":{"upright":"AAAA","level":"","learntAt":1}}',
  ])
    expect(scenesOfText(text)).toBeUndefined();
});

const one = (id: string, lastMs: number | undefined, urgent = false) => ({ id, lastMs, urgent });

test.each([
  ['who never had it', [one('a', 0), one('b', undefined)], 'b'],
  ['who has waited longest', [one('a', 50), one('b', 10), one('c', 90)], 'b'],
  ['the urgent before all others', [one('a', undefined), one('b', 800, true)], 'b'],
  ['nobody before the rest is over', [one('a', 950), one('b', 980, true)], undefined],
  ['nobody when there is none', [], undefined],
])('the turn is of %s', (_, all, id) => {
  expect(nextInTurn(all, { now: 1_000, restMs: 100, urgentRestMs: 50 })).toBe(id);
});
