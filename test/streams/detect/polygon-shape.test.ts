import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasArea, isOnePoint, selfCrosses } from '../../../src/streams/detect/polygon-shape.ts';

type Corner = [number, number];

test.each<{ name: string; polygon: Corner[]; crosses: boolean }>([
  {
    name: 'a square',
    polygon: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ],
    crosses: false,
  },
  {
    name: 'a square written closed',
    polygon: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
    crosses: false,
  },
  {
    name: 'a square with a corner on an edge',
    polygon: [
      [0, 0],
      [0.5, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ],
    crosses: false,
  },
  {
    name: 'a triangle',
    polygon: [
      [0, 0],
      [1, 0],
      [0.5, 1],
    ],
    crosses: false,
  },
  {
    name: 'a notched one',
    polygon: [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.9, 0.9],
      [0.5, 0.5],
      [0.1, 0.9],
    ],
    crosses: false,
  },
  {
    name: 'a bow tie',
    polygon: [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ],
    crosses: true,
  },
  {
    name: 'one that touches itself',
    polygon: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0.5, 0],
      [0, 1],
    ],
    crosses: true,
  },
  {
    name: 'a five-pointed star',
    polygon: [
      [0.5, 0],
      [0.8, 1],
      [0, 0.4],
      [1, 0.4],
      [0.2, 1],
    ],
    crosses: true,
  },
])('$name crosses itself: $crosses', ({ polygon, crosses }) => {
  expect(selfCrosses(polygon)).toBe(crosses);
  expect(selfCrosses(polygon.toReversed())).toBe(crosses);
});

test('corners in the order of their angle around a middle never cross', () => {
  const angles = fc.uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(angles, fc.double({ min: 0.1, max: 0.4, noNaN: true }), (degrees, radius) => {
      const polygon = degrees
        .toSorted((one, other) => one - other)
        .map((angle): Corner => {
          const turn = (angle / 180) * Math.PI;
          return [0.5 + radius * Math.cos(turn), 0.5 + radius * Math.sin(turn)];
        });
      expect([selfCrosses(polygon), hasArea(polygon)]).toEqual([false, true]);
    }),
  );
});

test('corners on one line have no area, and one point is no line', () => {
  expect(
    hasArea([
      [0.1, 0.1],
      [0.5, 0.5],
      [0.9, 0.9],
    ]),
  ).toBe(false);
  expect([
    isOnePoint([
      [0.5, 0.5],
      [0.5, 0.5],
    ]),
    isOnePoint([
      [0.5, 0.5],
      [0.5, 0.6],
    ]),
  ]).toEqual([true, false]);
});
