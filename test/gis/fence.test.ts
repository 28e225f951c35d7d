import { expect, test } from 'vitest';
import { AreasGeoJson } from '../../src/gis/area-feature.ts';
import { fencesOf } from '../../src/gis/fence.ts';
import { checkValue } from '../../src/shared/check-value.ts';

const collection = (...fences: unknown[]) => ({
  type: 'FeatureCollection',
  features: fences.map((fence, index) => ({
    type: 'Feature',
    properties: { id: `a${index}`, name: `区${index}`, ...(fence !== undefined && { fence }) },
    geometry: {
      type: 'MultiPolygon',
      coordinates: [0, 2].map((west) => [
        [
          [west, 0],
          [west + 1, 0],
          [west + 1, 1],
          [west, 0],
        ],
      ]),
    },
  })),
});

test('every area is a fence, and counts for all where it says so', () => {
  const checked = checkValue(AreasGeoJson, collection(undefined, false, true));
  if (!checked.ok) return expect.fail(JSON.stringify(checked.issues));
  const fences = fencesOf(checked.value);
  expect(fences.map(({ id, name, forAll }) => `${id} ${name} ${forAll}`)).toEqual([
    'a0 区0 false',
    'a1 区1 false',
    'a2 区2 true',
  ]);
  expect(fences.every(({ polygons }) => polygons.length === 2)).toBe(true);
});

test('a fence that is neither true nor false is refused with its place', () => {
  const checked = checkValue(AreasGeoJson, collection('sometimes'));
  expect(checked).toMatchObject({ ok: false, issues: [{ path: ['features', 0, 'properties', 'fence'] }] });
});
