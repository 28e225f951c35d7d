import fc from 'fast-check';
import { expect, test } from 'vitest';
import { destination } from '../../src/gis/distance.ts';
import { depthMeters } from '../../src/gis/edge-distance.ts';
import type { LonLat } from '../../src/gis/geojson.ts';
import { preparePolygon } from '../../src/gis/polygon.ts';

const corner = { lat: 27.3, lon: 105.29 };

/** A square of so many metres whose south-west corner is given. */
function square(from: { lat: number; lon: number }, meters: number): LonLat[] {
  const east = destination(from, 90, meters);
  const north = destination(from, 0, meters);
  return [
    [from.lon, from.lat],
    [east.lon, from.lat],
    [east.lon, north.lat],
    [from.lon, north.lat],
    [from.lon, from.lat],
  ];
}

const within = (east: number, north: number) => destination(destination(corner, 90, east), 0, north);
const kilometre = [preparePolygon([square(corner, 1_000)])];

test.each([
  ['in the middle', 500, 500, 500],
  ['inside by 12 m of the west edge', 12, 500, 12],
  ['outside by 40 m of the east edge', 1_040, 500, -40],
  ['outside, over the corner', -30, -40, -50],
])('%s', (_, ...[east, north, depth]) => {
  expect(depthMeters(kilometre, within(east, north), 100)).toBeCloseTo(depth, 0);
});

test('a hole is outside, and its edge is one', () => {
  const holed = [preparePolygon([square(corner, 1_000), square(within(400, 400), 200)])];
  expect(depthMeters(holed, within(500, 450), 30)).toBeCloseTo(-50, 0);
  expect(depthMeters(holed, within(380, 500), 30)).toBeCloseTo(20, 0);
});

test('of several polygons the one around the point counts', () => {
  const both = [...kilometre, preparePolygon([square(within(3_000, 0), 1_000)])];
  expect(depthMeters(both, within(3_100, 500), 30)).toBeCloseTo(100, 0);
});

test('far from all of them it is only known to be far', () => {
  expect(depthMeters(kilometre, within(50_000, 0), 30)).toBe(Number.NEGATIVE_INFINITY);
  expect(depthMeters([], corner, 30)).toBe(Number.NEGATIVE_INFINITY);
});

test('within a square the depth is the nearest of its four sides, wherever one stands', () => {
  const metre = fc.double({ min: 1, max: 999, noNaN: true });
  fc.assert(
    fc.property(metre, metre, (east, north) => {
      const expected = Math.min(east, north, 1_000 - east, 1_000 - north);
      expect(Math.abs(depthMeters(kilometre, within(east, north), 30) - expected)).toBeLessThan(1);
    }),
  );
});
