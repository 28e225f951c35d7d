import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Areas } from '../../src/gis/areas.ts';
import { boundsOf, growBounds, isInBounds } from '../../src/gis/bounds.ts';
import type { LonLat } from '../../src/gis/geojson.ts';
import { containsPoint, preparePolygon } from '../../src/gis/polygon.ts';

const square = (west: number, south: number, size: number): LonLat[] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];

test('a point is inside the outer ring and outside the hole', () => {
  const polygon = preparePolygon([square(0, 0, 10), square(4, 4, 2)]);
  expect(containsPoint(polygon, { lat: 1, lon: 1 })).toBe(true);
  expect(containsPoint(polygon, { lat: 5, lon: 5 })).toBe(false);
  expect(containsPoint(polygon, { lat: 5, lon: 11 })).toBe(false);
});

test('on an L-shaped ring only the L counts', () => {
  const polygon = preparePolygon([
    [
      [0, 0],
      [10, 0],
      [10, 2],
      [2, 2],
      [2, 10],
      [0, 10],
      [0, 0],
    ],
  ]);
  expect(containsPoint(polygon, { lat: 1, lon: 9 })).toBe(true);
  expect(containsPoint(polygon, { lat: 9, lon: 1 })).toBe(true);
  expect(containsPoint(polygon, { lat: 5, lon: 5 })).toBe(false);
});

test('two areas that share a border never both have a point, and one always has it', () => {
  const [left, right] = [preparePolygon([square(0, 0, 10)]), preparePolygon([square(10, 0, 10)])];
  const inside = fc.record({
    lat: fc.double({ min: 0.001, max: 9.999, noNaN: true }),
    lon: fc.double({ min: 0.001, max: 19.999, noNaN: true }),
  });
  fc.assert(
    fc.property(inside, (point) => {
      expect(containsPoint(left, point)).not.toBe(containsPoint(right, point));
    }),
  );
});

test('areas name whose ground a point is on, the earlier one first', () => {
  const feature = (id: string, rings: LonLat[][]) => ({
    type: 'Feature' as const,
    properties: { id, name: `${id} 辖区` },
    geometry: { type: 'Polygon' as const, coordinates: rings },
  });
  const areas = new Areas({
    type: 'FeatureCollection',
    features: [feature('a', [square(0, 0, 10)]), feature('b', [square(5, 5, 10)])],
  });
  expect(areas.list()).toEqual([
    { id: 'a', name: 'a 辖区' },
    { id: 'b', name: 'b 辖区' },
  ]);
  expect(areas.areaOf({ lat: 6, lon: 6 })).toBe('a');
  expect(areas.areaOf({ lat: 12, lon: 12 })).toBe('b');
  expect(areas.areaOf({ lat: 30, lon: 30 })).toBeUndefined();
});

test('a multipolygon is one area in several pieces', () => {
  const areas = new Areas({
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { id: 'a', name: 'a' },
        geometry: { type: 'MultiPolygon', coordinates: [[square(0, 0, 1)], [square(5, 5, 1)]] },
      },
    ],
  });
  expect(areas.areaOf({ lat: 0.5, lon: 0.5 })).toBe('a');
  expect(areas.areaOf({ lat: 5.5, lon: 5.5 })).toBe('a');
  expect(areas.areaOf({ lat: 3, lon: 3 })).toBeUndefined();
});

test('a grown box holds what is that far outside', () => {
  const box = boundsOf(square(105, 27, 1));
  expect(isInBounds(box, { lat: 26.9995, lon: 105.5 })).toBe(false);
  expect(isInBounds(growBounds(box, 100), { lat: 26.9995, lon: 105.5 })).toBe(true);
  expect(isInBounds(growBounds(box, 100), { lat: 27.5, lon: 106.0008 })).toBe(true);
});
