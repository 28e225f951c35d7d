import { expect, test } from 'vitest';
import { PieceMemory } from '../../../src/streams/rtp/piece-memory.ts';

test('what one gives back the next one of about that size gets', () => {
  const memory = new PieceMemory();
  const first = memory.take(9_000);
  expect(first.length).toBeGreaterThanOrEqual(9_000);
  expect(memory.take(9_000)).not.toBe(first);
  memory.give(first);
  expect(memory.take(20_000)).not.toBe(first);
  expect(memory.take(9_500)).toBe(first);
});

test('at most a quarter more than was asked for is taken', () => {
  const memory = new PieceMemory();
  for (let bytes = 4_096; bytes < 9_000_000; bytes = Math.ceil(bytes * 1.01)) {
    const { length } = memory.take(bytes);
    expect(length / bytes, `${bytes}`).toBeGreaterThanOrEqual(1);
    expect(length / bytes, `${bytes}`).toBeLessThanOrEqual(1.25);
  }
});

test('no more than so much lies unused, and nothing small or of a size that is none of its own', () => {
  const memory = new PieceMemory(10_000);
  const pieces = [memory.take(8_192), memory.take(8_192)];
  for (const piece of pieces) memory.give(piece);
  expect([memory.take(8_192), memory.take(8_192)].filter((piece) => pieces.includes(piece))).toHaveLength(1);
  const small = memory.take(100);
  memory.give(small);
  expect(memory.take(100)).not.toBe(small);
  const foreign = Buffer.alloc(8_000);
  memory.give(foreign);
  expect(memory.take(8_000)).not.toBe(foreign);
});
