import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from '../../../../src/alerts/detection/gate/moved-regions.ts';
import {
  box,
  changesOf,
  columns,
  count,
  exposure,
  glow,
  night,
  noise,
  type Paint,
  painted,
  randomOf,
  road,
  rows,
} from './painted-cells.ts';

const times = <T>(length: number, of: (index: number) => T): T[] => Array.from({ length }, (_, index) => of(index));
const calm = (length: number, scene: Paint, random: () => number) =>
  times(length, () => painted(scene, noise(0.8, random)));

/** Whether a change has a box about the thing. */
function finds(change: Change | undefined, thing: { x: number; y: number; width: number; height: number }): boolean {
  if (change?.type !== 'moved') return false;
  const [x, y] = [(thing.x + thing.width / 2) / columns, (thing.y + thing.height / 2) / rows];
  return change.boxes.some((each) => {
    const isAcross = x >= each.x - 0.01 && x <= each.x + each.width + 0.01;
    return isAcross && y >= each.y - 0.02 && y <= each.y + each.height + 0.02;
  });
}

test('a first picture is a scene, and the same again with a little noise is still', () => {
  const changes = changesOf(calm(30, road, randomOf(1)));
  expect(changes.map(({ type }) => type)).toEqual(['scene', ...times(29, () => 'still')]);
});

test('a pedestrian of two by four cells, darker or brighter than the road, is found wherever they walk', () => {
  const walk = fc.record({
    seed: fc.integer(),
    from: fc.integer({ min: 4, max: columns - 40 }),
    y: fc.integer({ min: 40, max: rows - 6 }),
    step: fc.integer({ min: 2, max: 6 }),
    contrast: fc.constantFrom(-50, -25, 25, 60),
  });
  fc.assert(
    fc.property(walk, ({ seed, from, y, step, contrast }) => {
      const random = randomOf(seed);
      const walker = (index: number) => ({ x: from + step * index, y, width: 2, height: 4 });
      const before = calm(3, road, random);
      const walking = times(5, (index) => painted(road, box(walker(index), 95 + contrast), noise(0.8, random)));
      const changes = changesOf([...before, ...walking]).slice(3);
      expect(changes.every((change, index) => finds(change, walker(index)))).toBe(true);
    }),
    { numRuns: 6 },
  );
});

test('somebody dark on a dark road at night is found in the noise of a night picture', () => {
  const random = randomOf(7);
  const walker = (index: number) => ({ x: 30 + 3 * index, y: 60, width: 2, height: 5 });
  const before = times(40, () => painted(night, noise(2, random)));
  const walking = times(8, (index) => painted(night, box(walker(index), 52), noise(2, random)));
  const changes = changesOf([...before, ...walking]);
  expect(changes.slice(40).filter((change, index) => finds(change, walker(index))).length).toBeGreaterThanOrEqual(7);
});

/** What is nobody: how many of the last twelve pictures of forty-five may be taken for movement all the same. */
const restless: readonly (readonly [string, number, (index: number, random: () => number) => readonly Paint[]])[] = [
  ['the noise of a night picture', 1, (_, random) => [night, noise(2.5, random)]],
  [
    'the flicker of compression: blocks of two cells that change by a few steps',
    1,
    (index) => [road, (light, x, y) => light + 4 * Math.sin(index * 7 + (x >> 1) * 13 + (y >> 1) * 29)],
  ],
  [
    'rain: streaks of two cells anywhere',
    1,
    (_, random) => {
      const streaks = new Set(times(60, () => Math.floor(random() * columns * rows)));
      const isWet = (x: number, y: number) => streaks.has(y * columns + x) || streaks.has((y - 1) * columns + x);
      return [night, (light, x, y) => light + 5 * Number(isWet(x, y)), noise(1.5, random)];
    },
  ],
  [
    'the pool of passing headlights',
    1,
    (index, random) => [night, glow([(index * 17) % columns, 65], 9, 70), noise(1.5, random)],
  ],
  ['a cloud that passes', 1, (index, random) => [road, glow([(index * 6) % columns, 50], 25, -50), noise(0.8, random)]],
  ['dusk', 1, (index, random) => [road, exposure(1 - index / 90, 0), noise(0.8, random)]],
  [
    'steps of the exposure',
    1,
    (index, random) => [road, exposure(index % 20 < 10 ? 1 : 1.25, index % 20 < 10 ? 0 : 8), noise(0.8, random)],
  ],
];

test.each(restless)('%s is not movement', (_, most, picture) => {
  const random = randomOf(3);
  const changes = changesOf(times(45, (index) => painted(...picture(index, random)))).slice(33);
  expect(changes.length - count(changes, 'still')).toBeLessThanOrEqual(most);
});

test('a burnt-in clock is learnt in two minutes of a picture a second', () => {
  const random = randomOf(3);
  const isLit = (index: number, x: number, y: number) => (x * 7 + y * 3 + (x > 140 ? index * 5 : 0)) % 11 > 5;
  const clock =
    (index: number): Paint =>
    (light, x, y) =>
      y < 4 && x > 110 && x < 150 ? (isLit(index, x, y) ? 180 : 60) : light;
  const changes = changesOf(times(140, (index) => painted(road, clock(index), noise(0.8, random)))).slice(120);
  expect(changes.length - count(changes, 'still')).toBeLessThanOrEqual(2);
});

test('a camera that turns is another scene in every picture, and still as soon as it stands', () => {
  const random = randomOf(5);
  const turned =
    (by: number): Paint =>
    (_, x, y) =>
      road(0, x * 3 + by, (y + by) % rows);
  const turning = times(6, (index) => painted(turned(index * 23), noise(0.8, random)));
  const standing = times(4, () => painted(turned(5 * 23), noise(0.8, random)));
  const changes = changesOf([...turning, ...standing]);
  expect(changes.slice(0, 6).every(({ type }) => type !== 'still')).toBe(true);
  expect(changes.slice(6).map(({ type }) => type)).toEqual(times(4, () => 'still'));
});

test('who walks while the exposure steps is found all the same', () => {
  const random = randomOf(9);
  const walker = { x: 70, y: 55, width: 3, height: 6 };
  const light = exposure(1.3, -10);
  const changes = changesOf([...calm(5, road, random), painted(road, box(walker, 30), light, noise(0.8, random))]);
  expect(finds(changes.at(-1), walker)).toBe(true);
});

test('what stands still for long becomes background, and its leaving is movement', () => {
  const random = randomOf(11);
  const parked = { x: 50, y: 60, width: 14, height: 9 };
  const standing = times(60, () => painted(road, box(parked, 200), noise(0.8, random)));
  const changes = changesOf([...calm(5, road, random), ...standing, ...calm(1, road, random)]);
  expect(finds(changes[5], parked)).toBe(true);
  expect(count(changes.slice(-21, -1), 'still')).toBe(20);
  expect(finds(changes.at(-1), parked)).toBe(true);
});

test('traffic by turns does not make its lane blind for who walks there', () => {
  const random = randomOf(13);
  const car = { x: 60, y: 50, width: 20, height: 10 };
  const traffic = times(48, (index) =>
    index % 4 === 2 ? painted(road, box(car, 200), noise(0.8, random)) : painted(road, noise(0.8, random)),
  );
  const walker = { x: 66, y: 52, width: 2, height: 5 };
  const changes = changesOf([...traffic, ...calm(3, road, random), painted(road, box(walker, 45), noise(0.8, random))]);
  expect(finds(changes.at(-1), walker)).toBe(true);
});
