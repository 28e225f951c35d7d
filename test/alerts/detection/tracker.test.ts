import { expect, test } from 'vitest';
import { intersectionOverUnion } from '../../../src/alerts/detection/box.ts';
import type { Sighting } from '../../../src/alerts/detection/model.ts';
import { follow, noTracks, type Tracks } from '../../../src/alerts/detection/tracker.ts';

const policy = { newScore: 0.4, keepScore: 0.24, missMs: 2_500, aspect: 16 / 9 };

function person(x: number, score = 0.6): Sighting {
  return { label: 'person', score, box: { x, y: 0.5, width: 0.04, height: 0.2 } };
}

/** One picture every half second. */
function walk(pictures: readonly (readonly Sighting[])[], before: Tracks = noTracks): Tracks {
  return pictures.reduce((tracks, seen, index) => follow(tracks, seen, { at: index * 500, policy }), before);
}

test('somebody who walks keeps one id', () => {
  const { tracks } = walk([[person(0.5)], [person(0.53)], [person(0.57)], [person(0.63)]]);
  expect(tracks).toMatchObject([{ id: 1, firstAt: 0, lastAt: 1_500 }]);
});

test('a track survives short misses and poor scores', () => {
  const { tracks } = walk([[person(0.5)], [], [], [person(0.51, 0.3)], [person(0.52)]]);
  expect(tracks).toMatchObject([{ id: 1, firstAt: 0, lastAt: 2_000 }]);
});

test('a track is believed for its surest look', () => {
  const { tracks } = walk([[person(0.5, 0.5)], [person(0.51, 0.8)], [person(0.52, 0.26)]]);
  expect(tracks).toMatchObject([{ id: 1, score: 0.8, box: { x: 0.52 } }]);
});

test('a poor score alone begins nothing', () => {
  expect(walk([[person(0.5, 0.3)], [person(0.5, 0.3)]]).tracks).toEqual([]);
});

test('a kind with a limit of its own is believed from that on, kept from its part of it', () => {
  const strict = (score: number): Sighting => ({ ...person(0.5, score), limit: 0.8 });
  expect(walk([[strict(0.7)]]).tracks).toEqual([]);
  expect(walk([[strict(0.8)], [strict(0.5)]]).tracks).toMatchObject([{ limit: 0.8, lastAt: 500 }]);
  expect(walk([[strict(0.8)], [strict(0.4)]]).tracks).toMatchObject([{ lastAt: 0 }]);
});

test('a track unseen for too long is gone, and the next one is another', () => {
  const gone = walk([[person(0.5)], [], [], [], [], [], []]);
  expect(gone.tracks).toEqual([]);
  expect(follow(gone, [person(0.5)], { at: 3_500, policy }).tracks).toMatchObject([{ id: 2 }]);
});

test('two people side by side keep their own ids', () => {
  const { tracks } = walk([
    [person(0.3), person(0.36)],
    [person(0.37), person(0.31)],
    [person(0.32), person(0.38)],
  ]);
  expect(tracks.toSorted((a, b) => a.id - b.id).map(({ id, box }) => [id, box.x])).toEqual([
    [1, 0.32],
    [2, 0.38],
  ]);
});

test('nobody is across the picture in half a second', () => {
  expect(walk([[person(0.1)], [person(0.8)]]).tracks.map(({ id }) => id)).toEqual([1, 2]);
});

test('a person does not become a car', () => {
  const car: Sighting = { ...person(0.5), label: 'car' };
  expect(walk([[person(0.5)], [car]]).tracks.map(({ id, label }) => [id, label])).toEqual([
    [1, 'person'],
    [2, 'car'],
  ]);
});

test('a car that is called a truck once is the same car, a parked one beside it is not', () => {
  const car: Sighting = { label: 'car', score: 0.7, box: { x: 0.4, y: 0.5, width: 0.2, height: 0.2 } };
  const { tracks } = walk([[car], [{ ...car, label: 'truck' }], [car]]);
  expect(tracks.map(({ id, label, lastAt }) => [id, label, lastAt])).toEqual([[1, 'car', 1_000]]);
  const beside = { ...car, label: 'truck', box: { ...car.box, x: 0.62 } };
  expect(walk([[car], [beside]]).tracks.map(({ label }) => label)).toEqual(['car', 'truck']);
});

test('who walks behind a post is found on the other side, where they should be by then', () => {
  const pictures = [0.3, 0.34, 0.38, undefined, undefined, undefined, 0.54].map((x) =>
    x === undefined ? [] : [person(x)],
  );
  expect(walk(pictures).tracks).toMatchObject([{ id: 1, lastAt: 3_000 }]);
});

test('the next car in the place of the last one is not that car driving back', () => {
  const car = (y: number): Sighting => ({ label: 'car', score: 0.7, box: { x: 0.4, y, width: 0.06, height: 0.06 } });
  const { tracks } = walk([[car(0.3)], [car(0.42)], [car(0.54)], [car(0.42)]]);
  expect(tracks.map(({ id, lastAt }) => [id, lastAt])).toEqual([
    [1, 1_000],
    [2, 1_500],
  ]);
});

test.each([
  { name: 'the same', other: { x: 0, y: 0, width: 1, height: 1 }, share: 1 },
  { name: 'apart', other: { x: 2, y: 0, width: 1, height: 1 }, share: 0 },
  { name: 'half over', other: { x: 0.5, y: 0, width: 1, height: 1 }, share: 1 / 3 },
])('overlap of boxes that are $name', ({ other, share }) => {
  expect(intersectionOverUnion({ x: 0, y: 0, width: 1, height: 1 }, other)).toBeCloseTo(share);
});
