import { BitReader } from './bit-reader.ts';
import { saneRate, skipDisplayInformation } from './usability.ts';
import type { VideoFormat } from './video-format.ts';

/** Profiles whose SPS carries chroma format, bit depth and scaling lists (H.264 §7.3.2.1.1). */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Profiles that cannot have B pictures at all. */
const withoutReorder = new Set([66]);

/** Reads a sequence parameter set (H.264 §7.3.2.1.1). Throws RangeError when it ends too early. */
export function parseH264Sps(sps: Buffer): VideoFormat {
  const reader = new BitReader(sps);
  reader.skip(8);
  const profile = reader.bits(8);
  reader.skip(16);
  reader.unsigned();
  const samples = highProfiles.has(profile) ? readSamples(reader) : { chroma: 1, lumaDepth: 8, chromaDepth: 8 };
  reader.unsigned();
  skipPictureOrder(reader);
  reader.unsigned();
  reader.skip(1);
  const size = readSize(reader, samples.chroma);
  const { fps, reorder } = reader.flag() ? readUsability(reader) : {};
  const order = withoutReorder.has(profile) ? 0 : reorder;
  return { codec: 'h264', ...size, ...samples, ...(fps && { fps }), ...(order !== undefined && { reorder: order }) };
}

function readSamples(reader: BitReader): { chroma: number; lumaDepth: number; chromaDepth: number } {
  const chroma = reader.unsigned();
  if (chroma === 3) reader.skip(1);
  const lumaDepth = 8 + reader.unsigned();
  const chromaDepth = 8 + reader.unsigned();
  reader.skip(1);
  if (reader.flag()) skipScalingLists(reader, chroma === 3 ? 12 : 8);
  return { chroma, lumaDepth, chromaDepth };
}

function skipScalingLists(reader: BitReader, count: number): void {
  for (let list = 0; list < count; list += 1) {
    if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64);
  }
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  for (let index = 0; index < size; index += 1) {
    last = (last + reader.signed() + 256) % 256;
    if (last === 0) return;
  }
}

function skipPictureOrder(reader: BitReader): void {
  const kind = reader.unsigned();
  if (kind === 0) reader.unsigned();
  if (kind !== 1) return;
  reader.skip(1);
  reader.signed();
  reader.signed();
  const cycle = Math.min(reader.unsigned(), 255);
  for (let index = 0; index < cycle; index += 1) reader.signed();
}

function readSize(reader: BitReader, chroma: number): { width: number; height: number } {
  const columns = reader.unsigned() + 1;
  const rows = reader.unsigned() + 1;
  const frameOnly = reader.flag();
  if (!frameOnly) reader.skip(1);
  reader.skip(1);
  const crop = reader.flag() ? [0, 0, 0, 0].map(() => reader.unsigned()) : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const fields = frameOnly ? 1 : 2;
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = (chroma === 1 ? 2 : 1) * fields;
  return { width: columns * 16 - (left + right) * unitX, height: rows * 16 * fields - (top + bottom) * unitY };
}

/** Annex E.1.1: timing and bitstream restriction are what we are after, the rest stands in the way. */
function readUsability(reader: BitReader): { fps?: number; reorder?: number } {
  skipDisplayInformation(reader);
  const fps = reader.flag() ? readTiming(reader) : undefined;
  const reorder = readRestriction(reader);
  return { ...(fps && { fps }), ...(reorder !== undefined && { reorder }) };
}

function readTiming(reader: BitReader): number | undefined {
  const tick = reader.bits(32);
  const scale = reader.bits(32);
  reader.skip(1);
  return tick > 0 ? saneRate(scale / (2 * tick)) : undefined;
}

function readRestriction(reader: BitReader): number | undefined {
  const nal = reader.flag();
  if (nal) skipHrd(reader);
  const vcl = reader.flag();
  if (vcl) skipHrd(reader);
  if (nal || vcl) reader.skip(1);
  reader.skip(1);
  if (!reader.flag()) return undefined;
  reader.skip(1);
  for (let index = 0; index < 4; index += 1) reader.unsigned();
  return Math.min(reader.unsigned(), 16);
}

function skipHrd(reader: BitReader): void {
  const count = Math.min(reader.unsigned(), 31) + 1;
  reader.skip(8);
  for (let index = 0; index < count; index += 1) {
    reader.unsigned();
    reader.unsigned();
    reader.skip(1);
  }
  reader.skip(20);
}
