import { expect, test } from 'vitest';
import { nextSearch, noSearch, type Search } from '../../../../src/alerts/detection/gate/search.ts';

const box = { x: 0.4, y: 0.4, width: 0.05, height: 0.2 };
const seconds = (...times: number[]) => times.map((time) => time * 1_000);
const [t0 = 0, t1 = 0, t2 = 0, t5 = 0, t6 = 0, t7 = 0, t11 = 0] = seconds(0, 1, 2, 5, 6, 7, 11);

/** Seen at 0, missed at 1 and looked for everywhere then. */
const searched: Search = { lastFollowed: [box], since: t1, movedAt: t0, nearAt: undefined };
const missing = { followed: [], isMissing: true };

test.each([
  {
    name: 'nobody who is seen',
    before: noSearch,
    standing: { followed: [box], isMissing: false },
    wholeAt: t0,
    at: t7,
  },
  { name: 'nobody who was looked for a moment ago', before: searched, standing: missing, wholeAt: t1, at: t5 },
])('$name is looked for', ({ before, standing, wholeAt, at }) => {
  expect(nextSearch(before, standing, { at, wholeAt, isStill: true })).toMatchObject({
    isEverywhere: false,
    boxes: [],
  });
});

test.each([
  { name: 'who has just gone missing', before: { ...noSearch, lastFollowed: [box] }, wholeAt: t0, at: t5 },
  { name: 'since whom something moved', before: { ...searched, movedAt: t2 }, wholeAt: t1, at: t6 },
  { name: 'who may be what moves', before: searched, wholeAt: t1, at: t6, isStill: false },
  { name: 'for whom nobody has looked at all of a picture', before: searched, wholeAt: undefined, at: t2 },
  { name: 'of whom nobody knows where they were', before: { ...searched, lastFollowed: [] }, wholeAt: t1, at: t6 },
])('somebody $name is looked for everywhere', ({ before, wholeAt, at, isStill = true }) => {
  expect(nextSearch(before, missing, { at, wholeAt, isStill })).toMatchObject({ isEverywhere: true, boxes: [] });
});

test('somebody who was looked for everywhere, and since whom nothing moved, is looked for where they were', () => {
  const near = nextSearch(searched, missing, { at: t6, wholeAt: t1, isStill: true });
  expect(near).toMatchObject({ isEverywhere: false, boxes: [box] });
  const soon = nextSearch(near.search, missing, { at: t7, wholeAt: t1, isStill: true });
  expect(soon).toMatchObject({ isEverywhere: false, boxes: [] });
  const later = nextSearch(soon.search, missing, { at: t11, wholeAt: t1, isStill: true });
  expect(later).toMatchObject({ isEverywhere: false, boxes: [box] });
});

test('who is back and goes missing again is looked for everywhere again', () => {
  const back = nextSearch(searched, { followed: [box], isMissing: false }, { at: t2, wholeAt: t1, isStill: true });
  expect(back.search.since).toBeUndefined();
  const gone = nextSearch(back.search, missing, { at: t6, wholeAt: t1, isStill: true });
  expect(gone).toMatchObject({ isEverywhere: true, boxes: [] });
});
