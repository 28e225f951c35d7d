import sharp from 'sharp';
import { rgbOf } from './letterbox.ts';
import type { UnitBox, YuvFrame } from './model.ts';

/** The wall's critical colour. */
const critical = '#ff5a60';
const maxBytes = 200 * 1024;
const maxWidth = 1280;

/** The whole picture with the box drawn, as JPEG of at most 200 KiB: quality gives way first, then size. */
export async function snapshotJpeg(frame: YuvFrame, box: UnitBox): Promise<Uint8Array> {
  const { width, height } = frame;
  const marked = await sharp(rgbOf(frame), { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(markOf({ width, height }, box)) }])
    .flatten()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { channels } = marked.info;
  for (const [quality, share] of [
    [82, 1],
    [64, 1],
    [50, 0.75],
    [40, 0.5],
  ] as const) {
    const jpeg = await sharp(marked.data, { raw: { width, height, channels } })
      .resize({ width: Math.round(Math.min(width, maxWidth) * share), withoutEnlargement: true })
      .jpeg({ quality })
      .toBuffer();
    if (jpeg.length <= maxBytes) return new Uint8Array(jpeg);
  }
  return new Uint8Array(
    await sharp(marked.data, { raw: { width, height, channels } })
      .resize({ width: 480, withoutEnlargement: true })
      .jpeg({ quality: 30 })
      .toBuffer(),
  );
}

/** A thin box with strong corners, a little outside the figure so that it hides nothing. */
function markOf({ width, height }: Pick<YuvFrame, 'width' | 'height'>, box: UnitBox): string {
  const margin = Math.round(height * 0.011);
  const left = Math.max(2, box.x * width - margin);
  const top = Math.max(2, box.y * height - margin);
  const right = Math.min(width - 2, (box.x + box.width) * width + margin);
  const bottom = Math.min(height - 2, (box.y + box.height) * height + margin);
  const arm = Math.min(right - left, bottom - top) * 0.28;
  const corners = [
    `M${left} ${top + arm}V${top}H${left + arm}`,
    `M${right - arm} ${top}H${right}V${top + arm}`,
    `M${right} ${bottom - arm}V${bottom}H${right - arm}`,
    `M${left + arm} ${bottom}H${left}V${bottom - arm}`,
  ].join('');
  const thick = Math.max(2, height / 200);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="none" stroke="${critical}">
    <rect x="${left}" y="${top}" width="${Math.max(1, right - left)}" height="${Math.max(1, bottom - top)}" stroke-width="${thick / 3}" stroke-opacity="0.75"/>
    <path d="${corners}" stroke-width="${thick}"/></g></svg>`;
}
