import sharp from 'sharp';
import type { YuvPicture } from '../frames/yuv-reader.ts';

/** What the self-test looks at: brightness alone, so small that a look costs a few milliseconds. */
export interface LumaPicture {
  /** One byte a pixel, rows from the top, `lumaWidth` × `lumaHeight`. */
  readonly luma: Uint8Array;
}

/** All pictures are brought to this size: what is learnt of a scene fits every stream of its camera. */
export const lumaWidth = 320;
export const lumaHeight = 180;

/** Each pixel is the mean of what lies under it, so that noise is averaged away. */
export function lumaOfYuv({ yuv, width, height }: YuvPicture): LumaPicture {
  const luma = new Uint8Array(lumaWidth * lumaHeight);
  const columns = Array.from({ length: lumaWidth }, (_, x) => spanOf(x, lumaWidth, width));
  for (let y = 0; y < lumaHeight; y += 1) {
    const rows = spanOf(y, lumaHeight, height);
    for (const [x, across] of columns.entries()) luma[y * lumaWidth + x] = meanLuma(yuv, width, { rows, across });
  }
  return { luma };
}

/** Rejects when it is no picture. */
export async function lumaOfJpeg(jpeg: Uint8Array): Promise<LumaPicture> {
  const size = { width: lumaWidth, height: lumaHeight, fit: 'fill', kernel: 'linear' } as const;
  const luma = await sharp(jpeg).resize(size).grayscale().raw().toBuffer();
  return { luma: new Uint8Array(luma) };
}

type Span = readonly [from: number, to: number];

/** The pixels of `length` under the `index`th of `count`: at least one. */
function spanOf(index: number, count: number, length: number): Span {
  const from = Math.min(length - 1, Math.floor((index * length) / count));
  return [from, Math.max(from + 1, Math.floor(((index + 1) * length) / count))];
}

/** Black is 16 and white is 235 in a decoded picture. */
function meanLuma(yuv: Uint8Array, width: number, { rows, across }: { rows: Span; across: Span }): number {
  let sum = 0;
  for (let y = rows[0]; y < rows[1]; y += 1) {
    const end = y * width + across[1];
    for (let at = y * width + across[0]; at < end; at += 1) sum += yuv[at] ?? 0;
  }
  const mean = sum / ((rows[1] - rows[0]) * (across[1] - across[0]));
  return Math.min(255, Math.max(0, ((mean - 16) * 255) / 219));
}
