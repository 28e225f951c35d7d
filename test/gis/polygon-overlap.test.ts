import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Areas } from '../../src/gis/areas.ts';
import type { LonLat } from '../../src/gis/geojson.ts';
import { containsPoint, preparePolygon } from '../../src/gis/polygon.ts';
import { commonPoint, pointInside } from '../../src/gis/polygon-overlap.ts';

const box = (west: number, south: number, [width, height]: readonly [number, number] = [1, 1]): LonLat[] => [
  [west, south],
  [west + width, south],
  [west + width, south + height],
  [west, south + height],
  [west, south],
];
const polygon = (...rings: LonLat[][]) => preparePolygon(rings);

/** Any triangle somewhere around 105/27, not degenerate. */
const corner = fc.tuple(fc.double({ min: 104, max: 106, noNaN: true }), fc.double({ min: 26, max: 28, noNaN: true }));
const triangle = fc
  .tuple(corner, corner, corner)
  .filter(([a, b, c]) => Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) > 1e-3)
  .map(([a, b, c]) => polygon([a, b, c, a]));

test('the common point of two polygons is in both, whatever they look like', () => {
  fc.assert(
    fc.property(triangle, triangle, (one, other) => {
      const point = commonPoint(one, other);
      if (!point) return;
      expect([containsPoint(one, point), containsPoint(other, point)]).toEqual([true, true]);
    }),
  );
});

test('polygons that both have a point have a common point', () => {
  const inner = fc.tuple(
    fc.double({ min: 0.05, max: 0.9, noNaN: true }),
    fc.double({ min: 0.05, max: 0.9, noNaN: true }),
  );
  fc.assert(
    fc.property(triangle, inner, triangle, (one, [s, t], other) => {
      const [a, b, c] = one.rings[0] ?? [];
      if (!a || !b || !c) return;
      const [u, v] = s + t < 0.95 ? [s, t] : [s / 2, t / 2];
      const point = {
        lon: a[0] + u * (b[0] - a[0]) + v * (c[0] - a[0]),
        lat: a[1] + u * (b[1] - a[1]) + v * (c[1] - a[1]),
      };
      const both = containsPoint(one, point) && containsPoint(other, point);
      expect(!both || commonPoint(one, other) !== undefined).toBe(true);
    }),
  );
});

test('it is the same which polygon is asked first', () => {
  fc.assert(
    fc.property(triangle, triangle, (one, other) => {
      expect(commonPoint(one, other) === undefined).toBe(commonPoint(other, one) === undefined);
    }),
  );
});

test.each([
  ['apart', box(0, 0), box(2, 0), false],
  ['side by side', box(0, 0), box(1, 0), false],
  ['overlapping at a corner', box(0, 0), box(0.99, 0.99), true],
  ['one within the other', box(0, 0, [9, 9]), box(4, 4, [1e-6, 1e-6]), true],
  ['crossing like a plus', box(0, 4, [9, 1e-7]), box(4, 0, [1e-7, 9]), true],
] as const)('polygons %s', (...[, one, other, common]) => {
  expect(commonPoint(polygon([...one]), polygon([...other])) !== undefined).toBe(common);
});

test('what lies in a hole has nothing in common', () => {
  const ring = polygon(box(0, 0, [9, 9]), box(3, 3, [3, 3]));
  expect(commonPoint(ring, polygon(box(4, 4)))).toBeUndefined();
  const point = commonPoint(ring, polygon(box(4, 4, [4, 1])));
  expect(point && containsPoint(ring, point)).toBe(true);
});

test('two thin bands that cross between the scan lines are found at their crossing', () => {
  const band = (height: number): LonLat[] => [
    [0, 0],
    [10, height],
    [10, height + 1e-6],
    [0, 1e-6],
    [0, 0],
  ];
  const [rising, falling] = [polygon(band(10)), polygon(band(10).map(([lon, lat]) => [lon, 10.003 - lat] as LonLat))];
  const point = commonPoint(rising, falling);
  expect(point && containsPoint(rising, point) && containsPoint(falling, point)).toBe(true);
});

test('a point inside an L is not in its notch', () => {
  const shape = polygon([
    [0, 0],
    [10, 0],
    [10, 1],
    [1, 1],
    [1, 10],
    [0, 10],
    [0, 0],
  ]);
  const point = pointInside(shape);
  expect(point && containsPoint(shape, point)).toBe(true);
});

test('areas say which of them a polygon concerns, and where', () => {
  const feature = (id: string, ring: LonLat[]) => ({
    type: 'Feature' as const,
    properties: { id, name: id },
    geometry: { type: 'Polygon' as const, coordinates: [ring] },
  });
  const areas = new Areas({
    type: 'FeatureCollection',
    features: [feature('west', box(0, 0)), feature('east', box(1, 0)), feature('far', box(20, 0))],
  });
  const shared = areas.sharedWith([polygon(box(7, 7)), polygon(box(0.5, 0.25, [1, 0.5]))]);
  expect(shared.map(({ area }) => area)).toEqual(['west', 'east']);
  expect(shared.map(({ area, point }) => areas.areaOf(point) === area)).toEqual([true, true]);
  expect(areas.areaOf(areas.pointIn('far') ?? { lat: 0, lon: 0 })).toBe('far');
  expect(areas.pointIn('nowhere')).toBeUndefined();
});
