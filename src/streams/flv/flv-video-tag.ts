import type { Codec } from '../rtp/nal.ts';
import { FlvError } from './flv-error.ts';

export type VideoTag =
  | { readonly kind: 'header'; readonly codec: Codec; readonly data: Buffer }
  /** `offsetMs` is showing minus decoding time. */
  | { readonly kind: 'picture'; readonly codec: Codec; readonly data: Buffer; readonly offsetMs: number }
  | { readonly kind: 'other' };

const other: VideoTag = { kind: 'other' };
/** 12 is in no standard, but what Chinese encoders have long sent H.265 as. */
const numbered: Record<number, Codec> = { 7: 'h264', 12: 'h265' };
const named: Record<string, Codec> = { hvc1: 'h265', avc1: 'h264' };
const names: Record<number, string> = { 2: 'H.263', 4: 'VP6', 5: 'VP6', 8: 'H.263', 9: 'MPEG-4', 13: 'AV1' };
/** ExVideoTagHeader of enhanced RTMP v1. */
const packet = { start: 0, frames: 1, framesWithoutOffset: 3 } as const;
const commandFrame = 5;

/** Takes the body of a video tag apart (FLV 10.1 §E.4.3 and enhanced RTMP). Throws FlvError for a codec we cannot show. */
export function readVideoTag(body: Buffer): VideoTag {
  const first = body[0];
  if (first === undefined) return other;
  if (((first >> 4) & 0x07) === commandFrame) return other;
  return first & 0x80 ? enhanced(body, first & 0x0f) : numberedTag(body, first & 0x0f);
}

function numberedTag(body: Buffer, number: number): VideoTag {
  const codec = numbered[number];
  if (!codec) throw unsupported(names[number] ?? `number ${number} of FLV`);
  if (body.length < 5) return other;
  const data = body.subarray(5);
  if (body[1] === 0) return { kind: 'header', codec, data };
  return body[1] === 1 ? { kind: 'picture', codec, data, offsetMs: body.readIntBE(2, 3) } : other;
}

function enhanced(body: Buffer, type: number): VideoTag {
  if (body.length < 5) return other;
  const name = body.toString('latin1', 1, 5);
  const codec = named[name];
  if (!codec) throw unsupported(/^[\w.-]{4}$/.test(name) ? name : 'one without a name');
  if (type === packet.start) return { kind: 'header', codec, data: body.subarray(5) };
  if (type === packet.framesWithoutOffset) return { kind: 'picture', codec, data: body.subarray(5), offsetMs: 0 };
  const isPicture = type === packet.frames && body.length >= 8;
  return isPicture ? { kind: 'picture', codec, data: body.subarray(8), offsetMs: body.readIntBE(5, 3) } : other;
}

function unsupported(codec: string): FlvError {
  return new FlvError('codec', `The codec is not supported: ${codec}; set the encoder to H.264 or H.265.`);
}
