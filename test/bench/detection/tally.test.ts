import { expect, test } from 'vitest';
import { footageTruth, type Truth, truthAt } from '../../../bench/detection/ground-truth.ts';
import { precisionOf, recallOf, type Seen, sumOf, tallyOf } from '../../../bench/detection/tally.ts';
import { walkerTruths } from '../../../bench/detection/walker-truth.ts';

const box = (x: number, width = 0.2) => ({ x, y: 0.4, width, height: 0.2 });
const seen = (x: number, label = 'car', score = 0.6): Seen => ({ label, score, box: box(x) });
const truth = (x: number, isAsked = true, label = 'car'): Truth => ({ label, box: box(x), isAsked });

test.each<{ name: string; sightings: Seen[]; truths: Truth[]; tally: [found: number, missed: number, wrong: number] }>([
  { name: 'what lies on what is there is found', sightings: [seen(0.11)], truths: [truth(0.1)], tally: [1, 0, 0] },
  { name: 'a lorry is as good as a car', sightings: [seen(0.11, 'truck')], truths: [truth(0.1)], tally: [1, 0, 0] },
  {
    name: 'what lies beside it is wrong, and it is missed',
    sightings: [seen(0.3)],
    truths: [truth(0.1)],
    tally: [0, 1, 1],
  },
  {
    name: 'two on one thing are one and one too many',
    sightings: [seen(0.1), seen(0.12)],
    truths: [truth(0.1)],
    tally: [1, 0, 1],
  },
  { name: 'one on two things misses one', sightings: [seen(0.1)], truths: [truth(0.1), truth(0.12)], tally: [1, 1, 0] },
  {
    name: 'what is not asked for may be found or not',
    sightings: [seen(0.1)],
    truths: [truth(0.1, false), truth(0.6, false)],
    tally: [0, 0, 0],
  },
  { name: 'another family is none of it', sightings: [seen(0.1, 'person')], truths: [truth(0.1)], tally: [0, 1, 0] },
])('$name', ({ sightings, truths, tally: [found, missed, wrong] }) => {
  expect(tallyOf('vehicle', sightings, truths)).toEqual({ found, missed, wrong });
});

test('precision is of what was found, recall of what is there', () => {
  const sum = sumOf([
    { found: 3, missed: 1, wrong: 0 },
    { found: 0, missed: 0, wrong: 1 },
  ]);
  expect([precisionOf(sum), recallOf(sum)]).toEqual([0.75, 0.75]);
  const none = sumOf([]);
  expect([precisionOf(none), recallOf(none)]).toEqual([1, 1]);
});

test('between two drawn boxes a thing goes straight; before the first and after the last it is not there', () => {
  const clip = {
    ...{ name: 'c', width: 100, height: 100, picturesPerSecond: 10, pictures: 20 },
    things: [
      { label: 'car', asked: [4, 9] as const, boxes: [[2, 0, 0, 10, 10] as const, [6, 20, 0, 30, 20] as const] },
    ],
  };
  expect(truthAt(clip, 1)).toEqual([]);
  expect(truthAt(clip, 2)).toMatchObject([{ isAsked: false, box: { x: 0, width: 0.1, height: 0.1 } }]);
  expect(truthAt(clip, 4)).toMatchObject([{ isAsked: true, box: { x: 0.1, width: 0.1, height: 0.15 } }]);
  expect(truthAt(clip, 7)).toEqual([]);
});

test('everything drawn lies in its picture and its clip, in order', async () => {
  for (const { width, height, pictures, things, name } of [...(await footageTruth()), ...walkerTruths]) {
    for (const { asked, boxes } of things) {
      const at = boxes.map(([picture]) => picture);
      expect(at, name).toEqual([...new Set(at)].toSorted((a, b) => a - b));
      expect(at.at(-1), name).toBeLessThan(pictures);
      expect([asked[0] >= (at[0] ?? 0), asked[1] <= (at.at(-1) ?? 0)], name).toEqual([true, true]);
      const isInside = boxes.every(
        ([, left, top, right, bottom]) =>
          0 <= left && left < right && right <= width && 0 <= top && top < bottom && bottom <= height,
      );
      expect(isInside || name.startsWith('pedestrian'), name).toBe(true);
    }
  }
});
