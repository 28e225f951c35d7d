import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Outline, readCircle, readPolygon } from '../../../src/alerts/cap/cap-shape.ts';
import { distanceMeters } from '../../../src/gis/distance.ts';
import { counterclockwise } from '../../../src/gis/ring.ts';

const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true }).map((value) => value.toFixed(5));
const pair = fc.tuple(degrees(90), degrees(180)).map((both) => both.join(','));
const isClosed = (ring: Outline) => ring.length >= 4 && String(ring[0]) === String(ring.at(-1));

test('a polygon of any pairs is a closed ring within the world, or nothing', () => {
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 40 }), (pairs) => {
      const ring = readPolygon([...pairs, ...pairs.slice(0, 1)].join(' '));
      expect(ring !== undefined).toBe(pairs.length >= 3);
      expect(!ring || isClosed(ring)).toBe(true);
      expect((ring ?? []).every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90)).toBe(true);
    }),
  );
});

test('any text at all is a ring or nothing, and never an error', () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(pair, fc.string({ maxLength: 5 }))).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(text, (written) => {
      for (const ring of [readPolygon(written), readCircle(written)]) expect(!ring || isClosed(ring)).toBe(true);
    }),
  );
});

test('a ring turned either way comes out the same way round', () => {
  fc.assert(
    fc.property(fc.array(pair, { minLength: 3, maxLength: 12 }), (pairs) => {
      const ring = readPolygon(pairs.join(' '));
      expect(ring && counterclockwise(ring)).toEqual(ring);
    }),
  );
  const square = '0,0 0,1 1,1 1,0 0,0';
  const around = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ];
  expect(readPolygon(square)).toEqual(around);
  expect(readPolygon(square.split(' ').toReversed().join(' '))).toEqual(around);
});

test('latitude comes first, line breaks separate, and a ring that is left open is closed', () => {
  expect(readPolygon(' 27,105\n27,106\t28,106 ')).toEqual([
    [105, 27],
    [106, 27],
    [106, 28],
    [105, 27],
  ]);
});

test.each([
  '',
  '1,2 3,4',
  '1,2 3,4 1,2',
  '1,2 3,4 5,six',
  '1,2 3,4 91,0',
  '1,2 3,4 0,181',
  '1,2,3 4,5 6,7',
  '1;2 3;4 5;6',
])('"%s" is no polygon', (text) => expect(readPolygon(text)).toBeUndefined());

test('a ring of a hundred thousand corners is thinned', () => {
  const corners = Array.from({ length: 100_000 }, (_, index) => {
    const angle = (index * 2 * Math.PI) / 100_000;
    return `${(27 + Math.sin(angle)).toFixed(6)},${(105 + Math.cos(angle)).toFixed(6)}`;
  });
  expect(readPolygon(corners.join(' '))).toHaveLength(1_001);
});

test('a circle is a ring at its radius, at least 50 m', () => {
  const reach = (text: string) =>
    (readCircle(text) ?? []).map(([lon, lat]) => Math.round(distanceMeters({ lat: 27.3, lon: 105.3 }, { lat, lon })));
  expect(new Set(reach('27.3,105.3 5'))).toEqual(new Set([5_000]));
  expect(new Set(reach('27.3,105.3 0'))).toEqual(new Set([50]));
  const ring = readCircle('27.3,105.3 5');
  expect(ring && counterclockwise(ring)).toEqual(ring);
});

test.each(['', '27,105', '27,105 -1', '27,105 9999', '27,105 1 2', '27,105 1e3', '27 105 1'])(
  '"%s" is no circle',
  (text) => expect(readCircle(text)).toBeUndefined(),
);
