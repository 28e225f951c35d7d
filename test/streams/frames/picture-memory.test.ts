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
  const given = [1, 2, 3].map(() => new Uint8Array(6));
  for (const one of given) memory.giveBack(one);
  const taken = [1, 2, 3].map(() => memory.take(6));
  expect(taken.filter((one) => given.includes(one))).toEqual([given[2], given[1]]);
});

test('memory that went to another thread is not used again', () => {
  const memory = new PictureMemory();
  const gone = memory.take(6);
  structuredClone(gone, { transfer: [gone.buffer] });
  memory.giveBack(gone);
  expect(memory.take(6)).toHaveLength(6);
});
