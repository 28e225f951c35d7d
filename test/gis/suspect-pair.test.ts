import { expect, test } from 'vitest';
import { suspectPair } from '../../src/gis/suspect-pair.ts';
import { marksOf, pairAt, pole } from './pinhole-camera.ts';

const pairs = marksOf(pole, 8).map((spot) => pairAt(pole, spot));

test.each([0, 3, 7])('of eight pairs the one that is 40 m off, number %i, is suspected', (index) => {
  const wrong = pairs.map((pair, at) => (at === index ? { ...pair, lat: pair.lat + 4e-4 } : pair));
  expect(suspectPair(wrong)).toEqual({ index, othersMeters: expect.closeTo(0, 3) });
});

test('five pairs cannot tell, and of three pairs on one spot none is to blame alone', () => {
  expect(suspectPair(pairs.slice(0, 5))).toBeUndefined();
  const [pair = pairAt(pole, [50, 0])] = pairs;
  expect(suspectPair([...pairs, pair, pair])).toBeUndefined();
});
