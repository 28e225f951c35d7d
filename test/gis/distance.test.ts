import fc from 'fast-check';
import { expect, test } from 'vitest';
import { angleBetween, bearingDegrees, destination, distanceMeters } from '../../src/gis/distance.ts';

const points = fc.record({
  lat: fc.double({ min: -80, max: 80, noNaN: true }),
  lon: fc.double({ min: -170, max: 170, noNaN: true }),
});

test('a degree of latitude is about 111.2 km', () => {
  expect(distanceMeters({ lat: 27, lon: 105 }, { lat: 28, lon: 105 })).toBeCloseTo(111_195, -1);
});

test('opposite points are half the Earth apart', () => {
  expect(distanceMeters({ lat: 0, lon: 0 }, { lat: 0, lon: 180 })).toBeCloseTo(20_015_114, -1);
});

test('bearings count clockwise from north', () => {
  const from = { lat: 27.3, lon: 105.29 };
  expect(bearingDegrees(from, { lat: 27.4, lon: 105.29 })).toBeCloseTo(0, 5);
  expect(bearingDegrees(from, { lat: 27.3, lon: 105.3 })).toBeCloseTo(90, 1);
  expect(bearingDegrees(from, { lat: 27.2, lon: 105.29 })).toBeCloseTo(180, 5);
  expect(bearingDegrees(from, { lat: 27.3, lon: 105.28 })).toBeCloseTo(270, 1);
});

test('going somewhere arrives that far away, in that direction', () => {
  fc.assert(
    fc.property(
      points,
      fc.double({ min: 0, max: 359.9, noNaN: true }),
      fc.double({ min: 1, max: 50_000, noNaN: true }),
      (from, bearing, meters) => {
        const to = destination(from, bearing, meters);
        expect(distanceMeters(from, to)).toBeCloseTo(meters, 2);
        expect(angleBetween(bearingDegrees(from, to), bearing)).toBeLessThan(0.01);
      },
    ),
  );
});

test('the angle between directions is the smaller one', () => {
  expect(angleBetween(350, 10)).toBe(20);
  expect(angleBetween(10, 350)).toBe(20);
  expect(angleBetween(-90, 90)).toBe(180);
});
