import fc from 'fast-check';
import { expect, test } from 'vitest';
import { symmetricEigen } from '../../src/gis/symmetric-eigen.ts';

test('a matrix of two rows', () => {
  const { values, vectors } = symmetricEigen([
    [2, 1],
    [1, 2],
  ]);
  expect(values).toEqual([expect.closeTo(1, 12), expect.closeTo(3, 12)]);
  expect(Math.abs(vectors[1]?.[0] ?? 0)).toBeCloseTo(Math.SQRT1_2, 12);
});

test('vectors are stretched by their values, have length 1, and values rise', () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true });
  const rows = fc.integer({ min: 1, max: 9 }).chain((size) => {
    const row = fc.array(number, { minLength: size, maxLength: size });
    return fc.array(row, { minLength: size, maxLength: size });
  });
  fc.assert(
    fc.property(rows, (drawn) => {
      const matrix = drawn.map((row, i) => row.map((value, j) => value + (drawn[j]?.[i] ?? 0)));
      const { values, vectors } = symmetricEigen(matrix);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      for (const [index, vector] of vectors.entries()) {
        expect(Math.hypot(...vector)).toBeCloseTo(1, 9);
        for (const [i, row] of matrix.entries()) {
          const image = row.reduce((sum, value, j) => sum + value * (vector[j] ?? 0), 0);
          expect(image).toBeCloseTo((values[index] ?? 0) * (vector[i] ?? 0), 7);
        }
      }
    }),
  );
});
