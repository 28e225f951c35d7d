import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatStake, parseStake } from '../../src/gis/stake.ts';

test('every whole metre comes back from its stake mark', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999 }), (meters) => {
      expect(parseStake(formatStake(meters))).toBe(meters);
    }),
  );
});

test.each([
  [1_432_300, 'K1432+300'],
  [1_432_060, 'K1432+060'],
  [0, 'K0+000'],
  [1_999.6, 'K2+000'],
  [-3, 'K0+000'],
])('%d is %s', (meters, stake) => {
  expect(formatStake(meters)).toBe(stake);
});

test.each(['', 'K1432', 'K1432+30', 'K1432+3000', 'k1432+300', 'K1432+300 ', 'K-1+000', '1432300'])(
  '"%s" is not a stake mark',
  (text) => {
    expect(parseStake(text)).toBeUndefined();
  },
);
