import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Areas } from '../../src/gis/areas.ts';
import { bandPolygon } from '../../src/gis/banded-polygon.ts';
import { EdgeBudget } from '../../src/gis/edge-budget.ts';
import type { LonLat } from '../../src/gis/geojson.ts';
import { containsPoint } from '../../src/gis/polygon.ts';
import { commonPoint, pointInside, sliverPoint, wideCommonPoint } from '../../src/gis/polygon-overlap.ts';
import { whole } from '../helpers/whole.ts';

const box = (west: number, south: number, [width, height]: readonly [number, number] = [1, 1]): LonLat[] => [
  [west, south],
  [west + width, south],
  [west + width, south + height],
  [west, south + height],
  [west, south],
];
const polygon = (...rings: LonLat[][]) => bandPolygon(rings);

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
  const shared = whole(areas.sharedWith([polygon(box(7, 7)), polygon(box(0.5, 0.25, [1, 0.5]))]));
  expect(shared.map(({ area }) => area)).toEqual(['west', 'east']);
  expect(shared.map(({ area, point }) => areas.areaOf(point) === area)).toEqual([true, true]);
  expect(areas.areaOf(areas.pointIn('far') ?? { lat: 0, lon: 0 })).toBe('far');
  expect(areas.pointIn('nowhere')).toBeUndefined();
});

/** A border of so many corners that goes in and out a little. */
function wavy(west: number, south: number, corners: number): LonLat[] {
  const at = (corner: number): LonLat => {
    const angle = (corner * 2 * Math.PI) / corners;
    const radius = 0.49 + 0.005 * Math.sin(angle * 40);
    return [west + 0.5 + radius * Math.cos(angle), south + 0.5 + radius * Math.sin(angle)];
  };
  return [...Array.from({ length: corners }, (_, corner) => at(corner)), at(0)];
}

/** There and back again: it crosses everything and has no ground. */
function flat(corners: number): LonLat[] {
  const there = Array.from({ length: corners }, (_, index): LonLat => [(10 * index) / corners, 10 * (index % 2)]);
  return [...there, ...there.toReversed()];
}

test('a search that is spent finds nothing, and leaves the rest of the time to others', () => {
  const [one, other] = [polygon(wavy(0, 0, 2_000)), polygon(flat(500))];
  const began = process.cpuUsage();
  const budget = new EdgeBudget();
  expect(sliverPoint(one, other, budget)).toBeUndefined();
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(1_000);
  expect(budget.isSpent).toBe(false);
  const spent = new EdgeBudget(10);
  expect(wideCommonPoint(one, one, spent)).toBeUndefined();
  expect(spent.isSpent).toBe(true);
});

test('a part of a budget ends with the whole, and spends of it', () => {
  const whole = new EdgeBudget(10);
  const [one, other] = [whole.part(6), whole.part(6)];
  expect([one.spend(6), one.spend(1), other.spend(3), other.spend(1)]).toEqual([true, false, true, false]);
  expect([whole.isSpent, other.isSpent]).toEqual([true, true]);
});

test('areas are their own borders: each outline concerns its own and none beside it', () => {
  const places = Array.from({ length: 25 }, (_, index) => [index % 5, Math.floor(index / 5)] as const);
  const rings = places.map(([west, south]) => {
    const side = (from: LonLat, [east, north]: LonLat) =>
      Array.from({ length: 100 }, (_, step): LonLat => [from[0] + (east * step) / 100, from[1] + (north * step) / 100]);
    const sides = [
      side([west, south], [1, 0]),
      side([west + 1, south], [0, 1]),
      side([west + 1, south + 1], [-1, 0]),
      side([west, south + 1], [0, -1]),
    ].flat();
    return [...sides, ...sides.slice(0, 1)];
  });
  const features = rings.map((ring, index) => ({
    type: 'Feature' as const,
    properties: { id: `a${index}`, name: 'a' },
    geometry: { type: 'Polygon' as const, coordinates: [ring] },
  }));
  const areas = new Areas({ type: 'FeatureCollection', features });
  const budget = new EdgeBudget(1_000_000);
  const even = rings.flatMap((ring, index) => (index % 2 === 0 ? [polygon(ring)] : []));
  const shared = whole(areas.sharedWith(even, budget)).map(({ area }) => area);
  expect(shared).toEqual(features.map(({ properties }) => properties.id).filter((_, index) => index % 2 === 0));
  expect(budget.isSpent).toBe(false);
});
