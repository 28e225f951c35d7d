import { BitReader } from './bit-reader.ts';
import { skipReferenceSets, skipScalingLists } from './h265-sps-lists.ts';
import { saneRate, skipDisplayInformation } from './usability.ts';
import type { VideoFormat } from './video-format.ts';

/** Reads a sequence parameter set (H.265 §7.3.2.2.1). Throws RangeError when it ends too early. */
export function parseH265Sps(sps: Buffer): VideoFormat {
  const reader = new BitReader(sps);
  reader.skip(16 + 4);
  const subLayers = reader.bits(3);
  reader.skip(1);
  skipProfile(reader, subLayers);
  reader.unsigned();
  const { chroma, ...size } = readSize(reader);
  const lumaDepth = 8 + reader.unsigned();
  const chromaDepth = 8 + reader.unsigned();
  const orderBits = reader.unsigned() + 4;
  const reorder = readReorder(reader, subLayers);
  const fps = softly(() => readFps(reader, orderBits));
  return { codec: 'h265', ...size, chroma, lumaDepth, chromaDepth, reorder, ...(fps && { fps }) };
}

function skipProfile(reader: BitReader, subLayers: number): void {
  reader.skip(96);
  const present = Array.from({ length: subLayers }, () => ({ profile: reader.flag(), level: reader.flag() }));
  if (subLayers > 0) reader.skip((8 - subLayers) * 2);
  for (const { profile, level } of present) reader.skip((profile ? 88 : 0) + (level ? 8 : 0));
}

function readSize(reader: BitReader): { chroma: number; width: number; height: number } {
  const chroma = reader.unsigned();
  if (chroma === 3) reader.skip(1);
  const width = reader.unsigned();
  const height = reader.unsigned();
  const crop = reader.flag() ? [0, 0, 0, 0].map(() => reader.unsigned()) : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = chroma === 1 ? 2 : 1;
  return { chroma, width: width - (left + right) * unitX, height: height - (top + bottom) * unitY };
}

function readReorder(reader: BitReader, subLayers: number): number {
  const layers = reader.flag() ? subLayers + 1 : 1;
  let reorder = 0;
  for (let layer = 0; layer < layers; layer += 1) {
    reader.unsigned();
    reorder = reader.unsigned();
    reader.unsigned();
  }
  return Math.min(reorder, 16);
}

/** The rate is a nicety: an exotic SPS still plays, its rate is then measured. */
function softly(read: () => number | undefined): number | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function readFps(reader: BitReader, orderBits: number): number | undefined {
  for (let index = 0; index < 6; index += 1) reader.unsigned();
  if (reader.flag() && reader.flag()) skipScalingLists(reader);
  reader.skip(2);
  if (reader.flag()) {
    reader.skip(8);
    reader.unsigned();
    reader.unsigned();
    reader.skip(1);
  }
  skipReferenceSets(reader);
  if (reader.flag()) skipLongTerm(reader, orderBits);
  reader.skip(2);
  return reader.flag() ? readTiming(reader) : undefined;
}

function skipLongTerm(reader: BitReader, orderBits: number): void {
  const count = Math.min(reader.unsigned(), 32);
  reader.skip(count * (orderBits + 1));
}

/** Annex E.2.1, up to the timing. */
function readTiming(reader: BitReader): number | undefined {
  skipDisplayInformation(reader);
  reader.skip(3);
  if (reader.flag()) for (let side = 0; side < 4; side += 1) reader.unsigned();
  if (!reader.flag()) return undefined;
  const tick = reader.bits(32);
  const scale = reader.bits(32);
  return tick > 0 ? saneRate(scale / tick) : undefined;
}
