import { expect, test } from 'vitest';
import { PictureMemory } from '../../../src/streams/frames/picture-memory.ts';

test('what is given back is used again for a picture of its size, once', () => {
  const memory = new PictureMemory();
  const first = memory.take(6);
  memory.giveBack(first);
  memory.giveBack(first);
  expect(memory.take(12)).toHaveLength(12);
  expect(memory.take(6)).toBe(first);
  expect(memory.take(6)).not.toBe(first);
});

test('of much that is given back only the last two are kept', () => {
  const memory = new PictureMemory();
  const given: Uint8Array[] = [1, 2, 3].map(() => new Uint8Array(6));
  for (const one of given) memory.giveBack(one);
  const taken = [1, 2, 3].map(() => memory.take(6));
  expect(taken.filter((one) => given.includes(one))).toEqual([given[2], given[1]]);
});

test('a thread reads a picture where it is', () => {
  const memory = new PictureMemory();
  const shown = memory.take(6).fill(1);
  const seen = structuredClone(shown);
  shown.fill(2);
  expect(seen).toEqual(shown);
});
