import { expect, test } from 'vitest';
import { MemoryPool } from '../../../src/streams/rtp/memory-pool.ts';
import { PictureBuffer, usualPictureBytes } from '../../../src/streams/rtp/picture-buffer.ts';

function write(picture: PictureBuffer, nal: Buffer): void {
  picture.begin();
  picture.append(nal);
  picture.keep();
}

test('memory is taken for the first NAL unit, given back once, and a picture taken before stays whole', () => {
  const pool = new MemoryPool(usualPictureBytes, 1);
  const memory = pool.take();
  pool.give(memory);
  const first = new PictureBuffer(pool);
  write(first, Buffer.from('one'));
  const piece = first.take();
  write(first, Buffer.from('left half'));
  first.release();
  first.release();
  const second = new PictureBuffer(pool);
  write(second, Buffer.from('two'));
  expect(second.current.buffer).toBe(memory.buffer);
  expect(second.take().nals().map(String)).toEqual(['two']);
  expect(piece.nals().map(String)).toEqual(['one']);
});

test('memory that has grown for a large picture is not kept', () => {
  const pool = new MemoryPool(usualPictureBytes, 1);
  const picture = new PictureBuffer(pool);
  write(picture, Buffer.alloc(3 * usualPictureBytes, 7));
  picture.release();
  expect(pool.take()).toHaveLength(usualPictureBytes);
});
