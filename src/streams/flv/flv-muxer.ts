import type { AccessUnit, ParameterSets } from '../rtp/nal.ts';
import { readVideoFormat, type VideoFormat } from '../rtp/video-format.ts';
import { amfMessage } from './amf.ts';
import { decoderConfig } from './decoder-config.ts';
import { flvHeader, flvTag, tagType } from './flv-tag.ts';
import { Timeline } from './timeline.ts';

/** One picture as an FLV tag, shared by all viewers and never written to. */
export interface FlvPicture {
  readonly data: Buffer;
  readonly key: boolean;
  readonly decodeMs: number;
  /** The sequence header this picture is decoded with; the object is replaced when the parameter sets change. */
  readonly config: Buffer;
}

const hvc1 = Buffer.from('hvc1');
const hvc1Number = hvc1.readUInt32BE();
/** Packet types of the enhanced video tag header (Enhanced RTMP v1, "ExVideoTagHeader"). */
const enhanced = { sequenceStart: 0, codedFrames: 1, codedFramesX: 3 } as const;

/** Turns access units into FLV tags: H.264 as FLV 10.1 has it, H.265 in the enhanced form. */
export class FlvMuxer {
  readonly #timeline = new Timeline();
  #sets: ParameterSets | undefined;
  #format: VideoFormat | undefined;
  #config: Buffer | undefined;

  /** The format of the pictures now, known after the first one. */
  get format(): VideoFormat | undefined {
    return this.#format;
  }

  /** The measured time between pictures, milliseconds. */
  get intervalMs(): number {
    return this.#timeline.intervalMs;
  }

  /** The next picture comes from a new connection: its clock has nothing to do with the last one's. */
  restart(): void {
    this.#timeline.restart(this.#format?.reorder);
  }

  /** What a viewer gets first: file header and metadata. The sequence header follows with the first key picture. */
  preamble(): Buffer {
    const { codec = 'h264', width = 0, height = 0, fps } = this.#format ?? {};
    const metadata = amfMessage('onMetaData', {
      hasVideo: true,
      hasAudio: false,
      videocodecid: codec === 'h264' ? 7 : hvc1Number,
      width,
      height,
      ...(fps && { framerate: fps }),
    });
    return Buffer.concat([flvHeader, flvTag(tagType.data, 0, [metadata])]);
  }

  /** Throws CodecError when the parameter sets cannot be understood or are refused. */
  mux(unit: AccessUnit, arrivedMs: number): FlvPicture {
    const changed = unit.parameters !== this.#sets;
    const format = changed || !this.#format ? readVideoFormat(unit.codec, unit.parameters.sps) : this.#format;
    if (changed || unit.afterLoss) this.#timeline.restart(format.reorder);
    const { decodeMs, offsetMs } = this.#timeline.next(unit.timestamp, arrivedMs);
    const config = changed || !this.#config ? configTag(unit.parameters, format, decodeMs) : this.#config;
    this.#sets = unit.parameters;
    this.#format = format;
    this.#config = config;
    const body = [pictureHeader(unit, offsetMs), ...unit.nals.flatMap(withLength)];
    return { data: flvTag(tagType.video, decodeMs, body), key: unit.key, decodeMs, config };
  }
}

function configTag(sets: ParameterSets, format: VideoFormat, decodeMs: number): Buffer {
  const header =
    format.codec === 'h264'
      ? Buffer.of(0x17, 0, 0, 0, 0)
      : Buffer.concat([Buffer.of(0x90 | enhanced.sequenceStart), hvc1]);
  return flvTag(tagType.video, decodeMs, [header, decoderConfig(sets, format)]);
}

function pictureHeader({ codec, key }: AccessUnit, offsetMs: number): Buffer {
  const frame = key ? 0x10 : 0x20;
  const offset = Buffer.alloc(3);
  offset.writeIntBE(offsetMs, 0, 3);
  if (codec === 'h264') return Buffer.concat([Buffer.of(frame | 7, 1), offset]);
  if (offsetMs === 0) return Buffer.concat([Buffer.of(0x80 | frame | enhanced.codedFramesX), hvc1]);
  return Buffer.concat([Buffer.of(0x80 | frame | enhanced.codedFrames), hvc1, offset]);
}

function withLength(nal: Buffer): Buffer[] {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(nal.length);
  return [length, nal];
}
