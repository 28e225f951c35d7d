import { decoderConfig } from '../flv/decoder-config.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { readVideoFormat } from '../rtp/video-format.ts';

/** Element ids of RFC 9559 (Matroska) and RFC 8794 (EBML). */
const ids = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  flagLacing: 0x9c,
  defaultDuration: 0x23e383,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

const nanosecondsPerMs = 1_000_000;
/** A segment that ends when the pipe does (RFC 8794 §6.2). */
const unknownSize = Buffer.from('01ffffffffffffff', 'hex');
const codecIds = { h264: 'V_MPEG4/ISO/AVC', h265: 'V_MPEGH/ISO/HEVC' } as const;

/**
 * What a reader of Matroska needs before the first picture, of the same stream. Unlike a bare byte stream each picture has
 * a time of its own, to the millisecond, and is whole without waiting for the next one. Throws CodecError.
 */
export function matroskaHeader({ codec, parameters }: AccessUnit, fps: number): Buffer {
  const format = readVideoFormat(codec, parameters.sps);
  const track = element(
    ids.trackEntry,
    number(ids.trackNumber, 1),
    number(ids.trackUid, 1),
    number(ids.trackType, 1),
    number(ids.flagLacing, 0),
    number(ids.defaultDuration, Math.round((1_000 / fps) * nanosecondsPerMs)),
    element(ids.codecId, Buffer.from(codecIds[codec])),
    element(ids.codecPrivate, decoderConfig(parameters, format)),
    element(ids.video, number(ids.pixelWidth, format.width), number(ids.pixelHeight, format.height)),
  );
  const app = Buffer.from('tianliang');
  return Buffer.concat([
    element(
      ids.ebml,
      element(ids.docType, Buffer.from('matroska')),
      number(ids.docTypeVersion, 4),
      number(ids.docTypeReadVersion, 2),
    ),
    idOf(ids.segment),
    unknownSize,
    element(
      ids.info,
      number(ids.timestampScale, nanosecondsPerMs),
      element(ids.muxingApp, app),
      element(ids.writingApp, app),
    ),
    element(ids.tracks, track),
  ]);
}

/** One picture as a cluster of its own, shown at `shownMs` (not negative). */
export function matroskaPicture({ nals, key }: AccessUnit, shownMs: number): Buffer {
  const head = Buffer.of(0x81, 0, 0, key ? 0x80 : 0);
  const block = element(ids.simpleBlock, head, ...nals.flatMap((nal) => [length(nal), nal]));
  return element(ids.cluster, number(ids.timestamp, shownMs), block);
}

function element(id: number, ...body: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.reduce((sum, part) => sum + part.length, 0)) | (1n << 56n));
  return Buffer.concat([idOf(id), size, ...body]);
}

function number(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return element(id, bytes);
}

/** An id is written as it is: its first bits say how long it is. */
function idOf(id: number): Buffer {
  return Buffer.from(id.toString(16), 'hex');
}

function length(nal: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(nal.length);
  return bytes;
}
