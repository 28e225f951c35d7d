import sharp from 'sharp';
import { expect, test } from 'vitest';
import { markedPicture, reviewMark } from '../../../src/alerts/evidence/packing/review-mark.ts';

const words = { requester: '席1', at: new Date('2026-11-26T08:00:00Z'), purpose: '交警取证' };
const grey = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#808080' } })
    .jpeg({ quality: 95 })
    .toBuffer();

/** The share of a quarter of the picture that is no longer grey. */
async function writtenIn(jpeg: Uint8Array, left: number, top: number): Promise<number> {
  const region = sharp(jpeg).extract({ left, top, width: 320, height: 180 }).greyscale();
  const bytes = await region.raw().toBuffer();
  return bytes.filter((value) => Math.abs(value - 128) > 10).length / bytes.length;
}

test('a copy is written on everywhere: no quarter of it can be cut out without the words', async () => {
  const marked = await markedPicture(await grey(640, 360), await reviewMark(words));
  for (const left of [0, 320])
    for (const top of [0, 180]) expect(await writtenIn(marked, left, top)).toBeGreaterThan(0.01);
  expect(await sharp(marked).metadata()).toMatchObject({ width: 640, height: 360, format: 'jpeg' });
});

test('who looks and what for is what is written; what somebody typed draws nothing of its own', async () => {
  const [one, other] = [await reviewMark(words), await reviewMark({ ...words, requester: '席2' })];
  expect(one.equals(other)).toBe(false);
  const typed = { ...words, purpose: '</text><rect width="9999" height="9999" fill="#fff"/>\u0000\u001b[31m&' };
  const { channels } = await sharp(await reviewMark(typed)).stats();
  expect(channels[3]?.mean).toBeLessThan(60);
});

test('a small and a large picture are both marked', async () => {
  const mark = await reviewMark(words);
  expect(await sharp(await markedPicture(await grey(320, 240), mark)).metadata()).toMatchObject({ width: 320 });
  expect(await sharp(await markedPicture(await grey(3_000, 1_500), mark)).metadata()).toMatchObject({ width: 1_280 });
});
