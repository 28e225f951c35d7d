import { expect, test } from 'vitest';
import { MemoryPool } from '../../../src/streams/rtp/memory-pool.ts';

test('what one gives back the next one gets', () => {
  const pool = new MemoryPool(1_024, 2);
  const first = pool.take();
  expect(first).toHaveLength(1_024);
  const second = pool.take();
  expect(second.buffer).not.toBe(first.buffer);
  pool.give(first);
  expect(pool.take()).toBe(first);
});

test('no more than so many are kept, and none of another size', () => {
  const pool = new MemoryPool(1_024, 2);
  const pieces = [pool.take(), pool.take(), pool.take()];
  for (const piece of pieces) pool.give(piece);
  const again = [pool.take(), pool.take(), pool.take()];
  expect(again.filter((piece) => pieces.includes(piece))).toHaveLength(2);
  pool.give(Buffer.alloc(2_048));
  pool.give(Buffer.alloc(0));
  expect(pool.take()).toHaveLength(1_024);
});
