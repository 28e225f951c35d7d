import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgePicture, type Surroundings } from '../../../src/streams/self-test/judge-picture.ts';
import type { LumaPicture } from '../../../src/streams/self-test/luma-picture.ts';
import { factsOf } from '../../../src/streams/self-test/picture-facts.ts';
import type { Scene } from '../../../src/streams/self-test/scene-match.ts';
import { black, blurred, clocked, covered, inFog, lit, noisy, paint, shifted, town, turnedBy } from './pictures.ts';

const home = town(1);
const scene: Scene = factsOf(home);
const day: Surroundings = { scene, light: 'day', visibility: undefined, fogMeters: 1_000 };
const clearDay = { ...day, visibility: 12_000 };

/** What is found, and what limits the sight. */
function verdictOf(picture: LumaPicture, around: Surroundings = day): string {
  const { findings, limit } = judgePicture(factsOf(picture), around);
  const kinds = Object.entries(findings).flatMap(([kind, { verdict }]) => (verdict === 'yes' ? [kind] : []));
  return [...kinds, ...(limit ? [`(${limit})`] : [])].join(' ');
}

const van = { left: 0.35, top: 0.4, right: 0.6, bottom: 0.95 };
const lamps = [
  [40, 70],
  [90, 64],
  [150, 61],
  [230, 66],
] as const;

test.each<[title: string, verdict: string, picture: LumaPicture, around?: Surroundings]>([
  ['the scene itself is well', '', home, day],
  ['so is it in half the light', '', lit(home, 0.5), day],
  ['in the glare of the evening', '', lit(home, 0.7, 70), day],
  ['with the noise of a poor sensor', '', noisy(home, 8, 3), day],
  ['with a van before a quarter of it', '', covered(home, van), day],
  ['on a mast that sways', '', shifted(home, 5, 3), day],
  ['under a clock that runs', '', clocked(home, 17), day],
  ['a black picture is black', 'black', black(), day],
  ['also with a clock written on it', 'black', clocked(black(), 4), day],
  ['and with noise', 'black', noisy(black(), 6, 2), day],
  ['a night with lamps is not black', '', black(lamps), { ...day, light: 'night', scene: undefined }],
  [
    'a road without lamps is dark at night and no fault',
    '(night)',
    black(),
    { ...day, light: 'night', scene: undefined },
  ],
  ['a camera that used to see by night is at fault when it is black', 'black', black(), { ...day, light: 'night' }],
  ['a bag over the lens covers it', 'covered', covered(home, {}), day],
  ['before its scene is known as well', 'covered', covered(home, {}), { ...day, scene: undefined }],
  ['a leaf before two thirds of it too', 'covered', covered(home, { left: 0.3 }), clearDay],
  ['a lens out of focus is blurred', 'blurred', blurred(home, 4), day],
  ['before its scene is known as well when it is bad', 'blurred', blurred(home, 6), { ...day, scene: undefined }],
  ['a camera pushed aside has moved', 'moved', shifted(home, 45, 10), day],
  ['one that was turned too', 'moved', turnedBy(home, 0.2), day],
  ['and one that looks elsewhere', 'moved', town(2), day],
  ['in thin fog enough is left', '', inFog(home, 0.55), { ...day, visibility: 400 }],
  ['in fog what is far is gone, which is no fault', '(fog)', inFog(home, 0.72), { ...day, visibility: 150 }],
  ['nor without a station: fog takes the far first', '(fog)', inFog(home, 0.72), day],
  ['a blurred picture in fog is fog', '(fog)', blurred(home, 4), { ...day, visibility: 300 }],
  ['on a clear day it is not', 'covered', inFog(home, 0.72), clearDay],
  ['at dusk neither scene holds', '', town(2), { ...day, light: 'dusk', scene: undefined }],
])('%s: %s', (...[, verdict, picture, around]) => {
  expect(verdictOf(picture, around)).toBe(verdict);
});

test('a fault says what was measured and what was the limit', () => {
  const { findings } = judgePicture(factsOf(shifted(home, 45, 0)), day);
  expect(findings.moved).toMatchObject({ verdict: 'yes', cause: { limit: 45, unit: '%' } });
  expect(findings.moved.verdict === 'yes' && findings.moved.cause.detail).toMatch(
    /^画面偏移约 1[2-6]%，与原景吻合 \d+%，门限 45%$/,
  );
});

test('whatever the town, its light and its noise, the scene is well, and never fits another town', () => {
  const light = fc.record({
    gain: fc.double({ min: 0.5, max: 1.1, noNaN: true }),
    level: fc.integer({ min: 0, max: 25 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 10_000 }),
      light,
      fc.integer({ min: 0, max: 6 }),
      (seed, { gain, level }, noise) => {
        const around = { ...day, scene: factsOf(town(seed)) };
        expect(verdictOf(noisy(lit(town(seed), gain, level), noise, seed), around)).toBe('');
        expect(verdictOf(town(seed + 1), around)).toBe('moved');
      },
    ),
    { numRuns: 12 },
  );
});

test('no picture at all breaks it', () => {
  const level = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(level, level, fc.integer({ min: 1, max: 60 }), (a, b, size) => {
      const board = paint((x, y) => ((Math.floor(x / size) + Math.floor(y / size)) % 2 === 0 ? a : b));
      for (const around of [day, { ...day, scene: factsOf(board) }]) {
        const found = verdictOf(board, around).split(' ').filter(Boolean);
        expect(found.length).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 20 },
  );
});
