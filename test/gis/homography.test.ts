import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calibrate } from '../../src/gis/calibration.ts';
import { distanceMeters } from '../../src/gis/distance.ts';
import { type CalibrationPair, groundPoint, type Homography, picturePoint } from '../../src/gis/homography.ts';
import { localFrame } from '../../src/gis/local-frame.ts';
import { anyCamera, geoOf, height, marksOf, type Pinhole, pairAt, pixelOf, pole, width } from './pinhole-camera.ts';

const unit = fc.double({ min: -1, max: 1, noNaN: true });
const noises = fc.array(fc.tuple(unit, unit, unit, unit), { minLength: 32, maxLength: 32 });
type Noises = readonly (readonly [number, number, number, number])[];

/** Pairs clicked up to so many pixels beside their points. */
function clicked(camera: Pinhole, count: number, { by, pixels }: { by: Noises; pixels: number }): CalibrationPair[] {
  return marksOf(camera, count).map((spot, index) => {
    const { pixel, ...point } = pairAt(camera, spot);
    const [dx = 0, dy = 0] = by[index] ?? [];
    return { pixel: [pixel[0] + (dx * pixels) / width, pixel[1] + (dy * pixels) / height], ...point };
  });
}

function homographyOf(pairs: readonly CalibrationPair[]): Homography {
  const calibration = calibrate(pairs);
  if (calibration.type === 'refused') throw new Error(calibration.reason);
  return calibration.homography;
}

test('clicked within half a pixel of 1920×1080, a point 100 m away is right to 2 m', () => {
  const right = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(anyCamera, fc.tuple(fc.integer({ min: 4, max: 16 }), right), noises, (camera, [count, aside], by) => {
      const homography = homographyOf(clicked(camera, count, { by, pixels: 0.5 }));
      const found = groundPoint(homography, pixelOf(camera, [100, aside]));
      expect(found && distanceMeters(found, geoOf(camera, [100, aside]))).toBeLessThan(2);
    }),
    { numRuns: 250 },
  );
});

test('pairs without noise give every point back, there and again', () => {
  fc.assert(
    fc.property(anyCamera, fc.integer({ min: 4, max: 32 }), (camera, count) => {
      const homography = homographyOf(clicked(camera, count, { by: [], pixels: 0 }));
      for (const spot of marksOf(camera, 10)) {
        const pixel = pixelOf(camera, spot);
        const found = groundPoint(homography, pixel);
        expect(found && distanceMeters(found, geoOf(camera, spot))).toBeLessThan(0.01);
        const [x = 0, y = 0] = (found && picturePoint(homography, found)) ?? [];
        expect([x, y]).toEqual([expect.closeTo(pixel[0], 6), expect.closeTo(pixel[1], 6)]);
      }
    }),
    { numRuns: 100 },
  );
});

test('whatever the pairs, there is a homography of numbers or a reason', () => {
  const share = fc.oneof(fc.double({ min: 0, max: 1 }), fc.constantFrom(0, 0.5, 1));
  const meters = fc.oneof(fc.double({ min: -200, max: 200 }), fc.constantFrom(0, 10, 20));
  const drawn = fc.array(fc.tuple(share, share, meters, meters), { minLength: 0, maxLength: 12 });
  fc.assert(
    fc.property(drawn, fc.tuple(share, share), (points, pixel) => {
      const pairs = points.map(([x, y, ahead, right]) => ({
        pixel: [x, y] as const,
        ...geoOf(pole, [ahead, right]),
      }));
      const calibration = calibrate(pairs);
      if (calibration.type === 'refused') {
        expect(calibration.reason).toMatch(/\w/);
        return;
      }
      expect(calibration.residuals.every(Number.isFinite)).toBe(true);
      const found = groundPoint(calibration.homography, pixel);
      expect(Object.values(found ?? {}).every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

const good = marksOf(pole, 6).map((spot) => pairAt(pole, spot));
const at = (...spots: (readonly [number, number])[]) => spots.map((spot) => pairAt(pole, spot));
const turned = (pairs: readonly CalibrationPair[], turn: (x: number, y: number) => readonly [number, number]) =>
  pairs.map(({ pixel: [x, y], ...point }) => ({ pixel: turn(x, y), ...point }));
const [first, second, third, fourth] = good as [CalibrationPair, CalibrationPair, CalibrationPair, CalibrationPair];

const scattered = (degrees: number) =>
  marksOf(pole, 12).map((spot, index) => {
    const pair = pairAt(pole, spot);
    return { ...pair, lat: pair.lat + degrees * ((index % 3) - 1) };
  });
const inside = turned(at([20, -6], [60, -6], [40, 8], [40, 0]), (x, y) => [x, y]).map((pair, index) =>
  index === 3 ? { ...pair, pixel: [0.9, 0.9] as const } : pair,
);

test.each<[string, readonly CalibrationPair[], string]>([
  ['three pairs', good.slice(0, 3), 'at least 4 pairs, not 3'],
  ['one line', at([20, 3], [40, 3], [60, 3], [90, 3]), 'on one line'],
  ['one line and a point beside it', at([20, 3], [40, 3], [60, 3], [50, 9]), 'all points but one lie on one line'],
  [
    'a point of the picture twice',
    [...good, { ...first, lat: first.lat + 1e-4 }],
    'pairs 1 and 7 are the same point of the picture',
  ],
  [
    'a point of the ground twice',
    [...good, { ...first, pixel: [0.1, 0.1] }],
    'pairs 1 and 7 are the same point of the ground',
  ],
  ['left for right', turned(good, (x, y) => [1 - x, y]), 'mirrored'],
  ['y counted from below', turned(good, (x, y) => [x, 1 - y]), 'mirrored'],
  [
    'two of four exchanged',
    [{ ...first, pixel: second.pixel }, { ...second, pixel: first.pixel }, third, fourth],
    'exchanged',
  ],
  [
    'a point in the sky',
    [...good.slice(0, 5), { ...(good[5] as CalibrationPair), pixel: [0.6, 0.01] }],
    'above the horizon',
  ],
  ['a point inside of three on the ground, outside in the picture', inside, 'horizon'],
  ['a map 10 m off, now here and now there', scattered(9e-5), 'do not agree'],
  ['no number', [...good, { ...first, lat: Number.NaN }], 'numbers'],
])('%s is refused', (_, pairs, reason) => {
  expect(calibrate(pairs)).toEqual({
    type: 'refused',
    fault: expect.stringMatching(/^[a-z]+$/),
    reason: expect.stringContaining(reason),
  });
});

test('there is no ground in the sky, nor where a pixel means more than 10 m', () => {
  const homography = homographyOf(good);
  const horizon = 0.5 - (pole.focal * Math.tan(pole.pitch)) / height;
  expect([groundPoint(homography, [0.5, horizon - 0.05]), groundPoint(homography, [0.5, horizon])]).toEqual([
    undefined,
    undefined,
  ]);
  // 8 m above the ground, one of 1600 pixels is 10 m at about 358 m.
  expect(groundPoint(homography, pixelOf(pole, [500, 0]))).toBeUndefined();
  expect(groundPoint(homography, pixelOf(pole, [300, 0]))).toBeDefined();
  expect(groundPoint(homography, [Number.NaN, 0.5])).toBeUndefined();
});

test('the error grows with the distance and beside the pairs, and more pairs make it smaller', () => {
  const error = (homography: Homography, spot: readonly [number, number]) =>
    groundPoint(homography, pixelOf(pole, spot))?.errorMeters ?? Number.POSITIVE_INFINITY;
  const homography = homographyOf(good);
  expect(error(homography, [30, 0])).toBeLessThan(error(homography, [100, 0]));
  expect(error(homography, [100, 0])).toBeLessThan(error(homography, [200, 0]));
  const few = homographyOf(at([20, -3], [20, 3], [40, -3], [40, 3]));
  expect(error(few, [100, 0])).toBeGreaterThan(2 * error(homography, [100, 0]));
  const many = homographyOf(marksOf(pole, 32).map((spot) => pairAt(pole, spot)));
  expect(error(many, [100, 0])).toBeLessThan(error(homography, [100, 0]));
});

test('pairs that do not agree make the error larger', () => {
  const [agreed, disagreed] = [good, scattered(4e-5)].map((pairs) =>
    groundPoint(homographyOf(pairs), pixelOf(pole, [60, 0])),
  );
  expect(disagreed?.errorMeters).toBeGreaterThan(2 * (agreed?.errorMeters ?? 0));
});

test('the radius holds the truth 19 times of 20 when clicks, map and box are off as much as is assumed', () => {
  const next = normals();
  const held = fc.sample(anyCamera, { numRuns: 400, seed: 5 }).map((camera) => {
    const pairs = marksOf(camera, 8).map((spot): CalibrationPair => {
      const { pixel, ...point } = pairAt(camera, spot);
      const read = localFrame(point).toPoint([0.3 * next(), 0.3 * next()]);
      return { pixel: [pixel[0] + next() / width, pixel[1] + next() / height], ...read };
    });
    const [x, y] = pixelOf(camera, [80, 2]);
    const found = groundPoint(homographyOf(pairs), [x + (2 * next()) / width, y + (2 * next()) / height]);
    return found !== undefined && distanceMeters(found, geoOf(camera, [80, 2])) <= found.errorMeters;
  });
  const share = held.filter(Boolean).length / held.length;
  expect(share).toBeGreaterThan(0.93);
  expect(share).toBeLessThan(0.995);
});

/** Normal deviates (Box and Muller) of the smallest generator there is (Lehmer's), the same in every run. */
function normals(): () => number {
  let state = 1;
  const even = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even());
}
