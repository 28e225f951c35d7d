import { expect, test } from 'vitest';
import { distanceText, durationText, roadText } from '../../../src/dispatch/candidates/candidate-words.ts';

test.each([
  [0, '0秒'],
  [42.4, '42秒'],
  [59.6, '1分0秒'],
  [256, '4分16秒'],
  [3_900, '1小时5分'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test('metres up to a kilometre, and roads with their side', () => {
  expect([520.4, 999.6, 6_432].map(distanceText)).toEqual(['520 m', '1.0 km', '6.4 km']);
  expect([roadText('G76', 'up'), roadText('S211', undefined)]).toEqual(['G76 上行', 'S211']);
});
