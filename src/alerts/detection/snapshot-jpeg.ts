import sharp from 'sharp';
import { markBox } from './mark-box.ts';
import type { UnitBox, YuvFrame } from './model.ts';
import { rgbOf } from './rgb-picture.ts';

const maxBytes = 200 * 1024;
const maxWidth = 1280;

/** The whole picture with the box drawn, as JPEG of at most 200 KiB: quality gives way first, then size. */
export async function snapshotJpeg(frame: YuvFrame, box: UnitBox): Promise<Uint8Array> {
  const { width, height } = frame;
  const rgb = rgbOf(frame);
  markBox({ rgb, width, height }, box);
  const raw = { width, height, channels: 3 } as const;
  for (const [quality, share] of [
    [82, 1],
    [64, 1],
    [50, 0.75],
    [40, 0.5],
  ] as const) {
    const jpeg = await sharp(rgb, { raw })
      .resize({ width: Math.round(Math.min(width, maxWidth) * share), withoutEnlargement: true })
      .jpeg({ quality })
      .toBuffer();
    if (jpeg.length <= maxBytes) return new Uint8Array(jpeg);
  }
  return new Uint8Array(
    await sharp(rgb, { raw }).resize({ width: 480, withoutEnlargement: true }).jpeg({ quality: 30 }).toBuffer(),
  );
}
