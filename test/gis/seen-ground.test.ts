import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calibrate } from '../../src/gis/calibration.ts';
import { angleBetween, distanceMeters } from '../../src/gis/distance.ts';
import { groundAhead, seenView } from '../../src/gis/seen-ground.ts';
import { anyCamera, geoOf, marksOf, type Pinhole, pairAt, pole } from './pinhole-camera.ts';

function homographyOf(camera: Pinhole) {
  const calibration = calibrate(marksOf(camera, 8).map((spot) => pairAt(camera, spot)));
  if (calibration.type === 'refused') throw new Error(calibration.reason);
  return calibration.homography;
}

const northEast: Pinhole = { ...pole, bearing: (44 * Math.PI) / 180 };

test('the ground 100 m from any camera is found straight ahead', () => {
  fc.assert(
    fc.property(anyCamera, (camera) => {
      const found = groundAhead(homographyOf(camera), camera.position, { meters: 100 });
      expect(found && distanceMeters(found, geoOf(camera, [100, 0]))).toBeLessThan(0.1);
    }),
    { numRuns: 50 },
  );
});

test('what lies under the picture or beyond what it can say is not there', () => {
  const homography = homographyOf(northEast);
  expect([5, 2_000].map((meters) => groundAhead(homography, northEast.position, { meters }))).toEqual([
    undefined,
    undefined,
  ]);
});

test('a calibrated camera knows where it looks, how wide and how far', () => {
  const view = seenView(homographyOf(northEast), northEast.position);
  expect(angleBetween(view?.bearing ?? 0, 44)).toBeLessThanOrEqual(1);
  // 1920 pixels across at a focal length of 1600 are 62 degrees.
  expect(Math.abs((view?.angle ?? 0) - 62)).toBeLessThanOrEqual(1);
  // 8 m above the ground one pixel is 10 m at 358 m.
  expect(Math.abs((view?.range ?? 0) - 358)).toBeLessThan(20);
});
