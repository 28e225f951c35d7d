import { mean, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { startBackend } from '../../../../src/alerts/detection/models/backend.ts';
import { quickenMean } from '../../../../src/alerts/detection/models/quick-mean.ts';

beforeAll(async () => {
  await startBackend('wasm');
  // Started again in the same thread, it is what it was.
  quickenMean();
});

const shape: readonly number[] = [2, 3, 5, 4];
const numbers = Array.from({ length: shape.reduce((product, side) => product * side) }, (_, at) => Math.sin(at * 7));

/** Counted by hand. */
function means(axes: readonly number[]): number[] {
  const sums = new Map<string, number[]>();
  numbers.forEach((value, at) => {
    const place = shape.map((side, axis) => Math.floor(at / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % side);
    const key = place.filter((_, axis) => !axes.includes(axis)).join();
    sums.set(key, [...(sums.get(key) ?? []), value]);
  });
  return [...sums.values()].map((values) => values.reduce((sum, value) => sum + value) / values.length);
}

test.each([
  { axes: [1, 2], keepDims: true, form: [2, 1, 1, 4] },
  { axes: [2, 1], keepDims: true, form: [2, 1, 1, 4] },
  { axes: [1, 2], keepDims: false, form: [2, 4] },
  { axes: [1], keepDims: true, form: [2, 1, 5, 4] },
  { axes: [2, 3], keepDims: true, form: [2, 3, 1, 1] },
  { axes: [0, 1, 2, 3], keepDims: false, form: [] },
])('a mean over $axes is what it is, its dimensions kept: $keepDims', async ({ axes, keepDims, form }) => {
  const answer = mean(tensor(numbers, [...shape], 'float32'), axes, keepDims);
  expect(answer.shape).toEqual(form);
  const values = await answer.data();
  for (const [at, value] of means(axes).entries()) expect(values[at]).toBeCloseTo(value, 5);
});

test('a mean of whole numbers is one, too', async () => {
  const answer = mean(tensor([1, 2, 3, 4, 5, 9], [1, 3, 2, 1], 'int32'), [1, 2], true);
  expect([...(await answer.data())]).toEqual([4]);
});
