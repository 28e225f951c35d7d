import type { BitReader } from './bit-reader.ts';

/** The first half of the usability information, the same in H.264 §E.1.1 and H.265 §E.2.1: how to show the picture. */
export function skipDisplayInformation(reader: BitReader): void {
  if (reader.flag() && reader.bits(8) === 255) reader.skip(32);
  if (reader.flag()) reader.skip(1);
  if (reader.flag()) {
    reader.skip(4);
    if (reader.flag()) reader.skip(24);
  }
  if (!reader.flag()) return;
  reader.unsigned();
  reader.unsigned();
}

/** A rate when it is one a camera may have; undefined otherwise. */
export function saneRate(fps: number): number | undefined {
  return fps >= 0.1 && fps <= 240 ? Math.round(fps * 1000) / 1000 : undefined;
}
