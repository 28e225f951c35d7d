import type { ParameterSets } from '../rtp/nal.ts';
import type { VideoFormat } from '../rtp/video-format.ts';

/** Profiles whose record ends with chroma format and bit depths (ISO/IEC 14496-15 §5.3.3.1.2). */
const extended = new Set([100, 110, 122, 144]);

/** The decoder configuration record of ISO/IEC 14496-15: `avcC` or `hvcC`. */
export function decoderConfig(sets: ParameterSets, format: VideoFormat): Buffer {
  return format.codec === 'h264' ? avcConfig(sets, format) : hevcConfig(sets, format);
}

function avcConfig({ sps, pps }: ParameterSets, { chroma, lumaDepth, chromaDepth }: VideoFormat): Buffer {
  const profile = sps.readUInt8(1);
  const tail = extended.has(profile) ? [0xfc | chroma, 0xf8 | (lumaDepth - 8), 0xf8 | (chromaDepth - 8), 0] : [];
  return Buffer.concat([
    Buffer.of(1, profile, sps.readUInt8(2), sps.readUInt8(3), 0xff, 0xe1),
    ...sized(sps),
    Buffer.of(pps.length),
    ...pps.flatMap(sized),
    Buffer.from(tail),
  ]);
}

/** §8.3.3.1.2; the general profile bytes stand in the SPS right after its first sub-layer byte. */
function hevcConfig({ vps, sps, pps }: ParameterSets, { chroma, lumaDepth, chromaDepth }: VideoFormat): Buffer {
  const plain = withoutEscapes(sps.subarray(0, 64));
  const subLayers = (plain.readUInt8(2) >> 1) & 0x07;
  const nested = plain.readUInt8(2) & 0x01;
  const arrays = [...(vps ? [[vps]] : []), [sps], [...pps]];
  return Buffer.concat([
    Buffer.of(1),
    plain.subarray(3, 15),
    Buffer.of(0xf0, 0, 0xfc, 0xfc | chroma, 0xf8 | (lumaDepth - 8), 0xf8 | (chromaDepth - 8), 0, 0),
    Buffer.of(((subLayers + 1) << 3) | (nested << 2) | 3, arrays.length),
    ...arrays.flatMap(nalArray),
  ]);
}

function nalArray(nals: readonly Buffer[]): Buffer[] {
  const type = ((nals[0]?.[0] ?? 0) >> 1) & 0x3f;
  return [Buffer.of(0x80 | type, 0, nals.length), ...nals.flatMap(sized)];
}

function sized(nal: Buffer): Buffer[] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(nal.length);
  return [length, nal];
}

function withoutEscapes(nal: Buffer): Buffer {
  const bytes = [...nal];
  return Buffer.from(
    bytes.filter((byte, at) => !(byte === 3 && at >= 2 && bytes[at - 1] === 0 && bytes[at - 2] === 0)),
  );
}
