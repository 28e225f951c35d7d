import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromWgs84, toWgs84 } from '../../src/gis/datum.ts';
import { distanceMeters } from '../../src/gis/distance.ts';

const inChina = fc.record({
  lat: fc.double({ min: 20, max: 50, noNaN: true }),
  lon: fc.double({ min: 78, max: 130, noNaN: true }),
});

test('a point comes back from either Chinese datum within half a metre', () => {
  fc.assert(
    fc.property(inChina, fc.constantFrom('gcj02' as const, 'bd09' as const), (point, datum) => {
      const back = toWgs84({ ...fromWgs84(point, datum), datum });
      expect(distanceMeters(point, back)).toBeLessThan(0.5);
    }),
  );
});

test('GCJ-02 moves a point in Guizhou by some hundred metres', () => {
  const point = { lat: 27.3012, lon: 105.2896 };
  const moved = distanceMeters(point, fromWgs84(point, 'gcj02'));
  expect(moved).toBeGreaterThan(300);
  expect(moved).toBeLessThan(700);
});

test('a point without a datum is WGS-84, and outside China GCJ-02 is too', () => {
  expect(toWgs84({ lat: 27.3, lon: 105.3 })).toEqual({ lat: 27.3, lon: 105.3 });
  expect(toWgs84({ lat: 37.98, lon: 23.72, datum: 'gcj02' })).toEqual({ lat: 37.98, lon: 23.72 });
});
