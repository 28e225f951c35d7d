import { BitReader } from '../rtp/bit-reader.ts';
import type { Codec } from '../rtp/nal.ts';

/** H.264 annex A: profile_idc. */
const h264Profiles: Record<number, string> = {
  66: 'Baseline',
  77: 'Main',
  88: 'Extended',
  100: 'High',
  110: 'High 10',
  122: 'High 4:2:2',
  244: 'High 4:4:4 Predictive',
};

/** H.265 annex A: general_profile_idc. */
const h265Profiles: Record<number, string> = {
  1: 'Main',
  2: 'Main 10',
  3: 'Main Still Picture',
  4: 'Range Extensions',
};

export interface CodecProfile {
  readonly profile: string;
  readonly level: string;
}

/** What the sequence parameter set says of itself. Throws RangeError when it ends too early. */
export function codecProfile(codec: Codec, sps: Buffer): CodecProfile {
  return codec === 'h264' ? h264Profile(sps) : h265Profile(sps);
}

/** H.264 §7.3.2.1.1. */
function h264Profile(sps: Buffer): CodecProfile {
  const reader = new BitReader(sps);
  reader.skip(8);
  const number = reader.bits(8);
  reader.skip(1);
  const isConstrained = number === 66 && reader.flag();
  if (number !== 66) reader.skip(1);
  reader.skip(6);
  const name = h264Profiles[number] ?? `profile ${number}`;
  return { profile: isConstrained ? `Constrained ${name}` : name, level: (reader.bits(8) / 10).toFixed(1) };
}

/** H.265 §7.3.3, profile_tier_level. */
function h265Profile(sps: Buffer): CodecProfile {
  const reader = new BitReader(sps);
  reader.skip(16 + 8 + 2 + 1);
  const number = reader.bits(5);
  reader.skip(32 + 48);
  return { profile: h265Profiles[number] ?? `profile ${number}`, level: (reader.bits(8) / 30).toFixed(1) };
}
