import type { PicturePiece } from './picture-piece.ts';

export type Codec = 'h264' | 'h265';

/** What a NAL unit is to us; `other` (delimiter, filler, end of sequence) is left out of a picture. */
export type NalRole = 'slice' | 'key' | 'vps' | 'sps' | 'pps' | 'sei' | 'other';

const h264Roles: Record<number, NalRole> = {
  1: 'slice',
  2: 'slice',
  3: 'slice',
  4: 'slice',
  5: 'key',
  6: 'sei',
  7: 'sps',
  8: 'pps',
};
const h265Roles: Record<number, NalRole> = { 32: 'vps', 33: 'sps', 34: 'pps', 39: 'sei', 40: 'sei' };

/** H.264 table 7-1 and H.265 table 7-1; an H.265 key is any IRAP picture (16 to 21). */
export function nalRole(codec: Codec, nal: Buffer): NalRole {
  const first = nal[0] ?? 0;
  if (codec === 'h264') return h264Roles[first & 0x1f] ?? 'other';
  const type = (first >> 1) & 0x3f;
  if (type <= 9) return 'slice';
  return type >= 16 && type <= 21 ? 'key' : (h265Roles[type] ?? 'other');
}

/** Whether a slice is the first of its picture: first_mb_in_slice is 0, first_slice_segment_in_pic_flag is 1. */
export function startsPicture(codec: Codec, nal: Buffer): boolean {
  return ((nal[codec === 'h264' ? 1 : 2] ?? 0) & 0x80) !== 0;
}

/** What a decoder needs before the first picture. The object is replaced when any of them changes. */
export interface ParameterSets {
  readonly vps?: Buffer;
  readonly sps: Buffer;
  readonly pps: readonly Buffer[];
}

/** All slices of one picture, without its parameter sets. */
export interface AccessUnit {
  readonly codec: Codec;
  readonly key: boolean;
  readonly nals: readonly Buffer[];
  readonly parameters: ParameterSets;
  /** RTP ticks, 32 bit, wraps. */
  readonly timestamp: number;
  /** Pictures before this one were lost or could not be decoded. */
  readonly afterLoss: boolean;
  /** When the camera took it, by the camera's own clock (RTCP sender reports, RFC 3550 §6.4.1); absent when it says none. */
  readonly capturedAt?: Date;
  /** The memory of `nals`, when they lie in one piece. */
  readonly piece?: PicturePiece;
}

/** What of one picture's NAL units a picture is made of; `shows` says whether any of them is a slice. */
export function gatherPicture(codec: Codec, nals: readonly Buffer[]): { kept: Buffer[]; key: boolean; shows: boolean } {
  const roles = nals.map((nal) => nalRole(codec, nal));
  return {
    kept: nals.filter((_, index) => roles[index] !== 'other'),
    key: roles.includes('key'),
    shows: roles.includes('key') || roles.includes('slice'),
  };
}

const startCode = Buffer.from([0, 0, 0, 1]);
const delimiters = { h264: Buffer.from([0, 0, 0, 1, 0x09, 0xf0]), h265: Buffer.from([0, 0, 0, 1, 0x46, 0x01, 0x50]) };

/**
 * The picture as a byte stream (annex B), parameter sets before a key picture. It ends with the delimiter of the next
 * one, so that a decoder hands it out at once instead of waiting for the following picture.
 */
export function toAnnexB({ codec, key, nals, parameters }: AccessUnit): Buffer {
  const { vps, sps, pps } = parameters;
  const sets = key ? [...(vps ? [vps] : []), sps, ...pps] : [];
  return Buffer.concat([...[...sets, ...nals].flatMap((nal) => [startCode, nal]), delimiters[codec]]);
}
