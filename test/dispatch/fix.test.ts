import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Fix, follow, type Track } from '../../src/dispatch/fix.ts';
import { destination } from '../../src/gis/distance.ts';

const start = Date.parse('2026-11-21T02:47:00Z');
const home = { lat: 27.3012, lon: 105.2896 };
const fix = (seconds: number, kmEast = 0): Fix => ({
  at: new Date(start + seconds * 1_000),
  point: destination(home, 90, kmEast * 1_000),
});
const followAll = (fixes: readonly Fix[]): Track => fixes.reduce<Track>((track, each) => follow(track, each).track, {});

test('in whatever order fixes arrive, the newest stands', () => {
  const slowDrive = Array.from({ length: 8 }, (_, i) => fix(i * 5, i * 0.1));
  fc.assert(
    fc.property(fc.shuffledSubarray(slowDrive, { minLength: 8, maxLength: 8 }), (fixes) => {
      expect(followAll(fixes).fix).toBe(slowDrive.at(-1));
    }),
  );
});

test.each([
  ['an older fix', fix(-5), 'late'],
  ['the same fix again', fix(0), 'late'],
  ['a receiver without a fix', { ...fix(5), point: { lat: 0, lon: 0 } }, 'null-island'],
  ['a jump of 40 km in 5 s', fix(5, 40), 'jump'],
  ['800 km/h', fix(60, 800 / 60), 'jump'],
] as const)('%s is refused and moves nothing', (_, next, reason) => {
  const { track, refused } = follow({ fix: fix(0) }, next);
  expect(refused).toBe(reason);
  expect(track.fix).toEqual(fix(0));
});

test('120 km/h, a receiver error and a tunnel of minutes are no jumps', () => {
  expect(follow({ fix: fix(0) }, fix(5, 0.167)).refused).toBeUndefined();
  expect(follow({ fix: fix(0) }, fix(1, 0.15)).refused).toBeUndefined();
  expect(follow({ fix: fix(0) }, fix(300, 12)).refused).toBeUndefined();
});

test('three jumps in a row that agree are believed: the place before them was the wrong one', () => {
  const fixes = [fix(0), fix(5, 900), fix(10, 900.1), fix(15, 900.2)];
  expect(followAll(fixes.slice(0, 3)).fix).toEqual(fix(0));
  expect(followAll(fixes).fix).toEqual(fix(15, 900.2));
});

test('jumps here and there are never believed', () => {
  const fixes = [fix(0), fix(5, 900), fix(10, -500), fix(15, 900), fix(20, -500), fix(25, 900)];
  expect(followAll(fixes).fix).toEqual(fix(0));
});
