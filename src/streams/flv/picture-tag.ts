import type { AccessUnit, Codec, ParameterSets } from '../rtp/nal.ts';
import type { VideoFormat } from '../rtp/video-format.ts';
import { decoderConfig } from './decoder-config.ts';
import { aroundBody, flvTag, type SharedTag, sharedTag, tagAround, tagType } from './flv-tag.ts';

/** Packet types of the enhanced video tag header (Enhanced RTMP v1, "ExVideoTagHeader"). */
const enhanced = { sequenceStart: 0, codedFrames: 1, codedFramesX: 3 } as const;
const keyFrame = 0x10;
const interFrame = 0x20;
const avc = 7;
const hvc1 = 0x68766331;
const lengthBytes = 4;

/** What `videocodecid` of the metadata says. */
export const codecNumbers: Readonly<Record<Codec, number>> = { h264: avc, h265: hvc1 };

/** The sequence header: H.264 as FLV 10.1 §E.4.3 has it, H.265 in the enhanced form. */
export function videoConfigTag(sets: ParameterSets, format: VideoFormat, timestampMs: number): Buffer {
  const record = decoderConfig(sets, format);
  const head = Buffer.alloc(5);
  if (format.codec === 'h264') head.writeUIntBE(0x1700000000, 0, 5);
  else writeEnhanced(head, 0x80 | keyFrame | enhanced.sequenceStart);
  return flvTag(tagType.video, timestampMs, [head, record]);
}

/** One picture, its NAL units behind their lengths. `offsetMs` is showing minus decoding time. */
export function pictureTag(unit: AccessUnit, timestampMs: number, offsetMs: number): SharedTag {
  const { nals, piece } = unit;
  const head = headBytes(unit.codec, offsetMs);
  if (piece?.claim(aroundBody.before + head, aroundBody.after)) {
    const bodyAt = piece.start - head;
    writeHead(piece.memory.subarray(bodyAt), unit, offsetMs);
    return tagAround(piece.memory, bodyAt, { type: tagType.video, timestampMs, size: piece.end - bodyAt });
  }
  let size = head;
  for (const nal of nals) size += lengthBytes + nal.length;
  return sharedTag({ type: tagType.video, timestampMs, size }, (body) => {
    let at = writeHead(body, unit, offsetMs);
    for (const nal of nals) {
      at = body.writeUInt32BE(nal.length, at);
      at += nal.copy(body, at);
    }
  });
}

function headBytes(codec: Codec, offsetMs: number): number {
  return codec === 'h264' || offsetMs === 0 ? 5 : 8;
}

function writeHead(body: Buffer, { codec, key }: AccessUnit, offsetMs: number): number {
  const frame = key ? keyFrame : interFrame;
  if (codec === 'h264') {
    body.writeUInt8(frame | avc, 0);
    body.writeUInt8(1, 1);
    return body.writeIntBE(offsetMs, 2, 3);
  }
  if (offsetMs === 0) return writeEnhanced(body, 0x80 | frame | enhanced.codedFramesX);
  return body.writeIntBE(offsetMs, writeEnhanced(body, 0x80 | frame | enhanced.codedFrames), 3);
}

function writeEnhanced(body: Buffer, first: number): number {
  body.writeUInt8(first, 0);
  return body.writeUInt32BE(hvc1, 1);
}
