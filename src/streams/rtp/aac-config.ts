import { PlainBits } from './plain-bits.ts';

/** What an AudioSpecificConfig says. */
export interface AacFormat {
  /** Samples a second of the core coder; with SBR half of what is heard. */
  readonly coreRate: number;
  /** 0 when the stream itself describes its channels. */
  readonly channels: number;
  /** Samples of the core coder in one frame. */
  readonly frameSamples: number;
}

/** ISO/IEC 14496-3 table 1.18. */
const rates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
const channelCounts = [0, 1, 2, 3, 4, 5, 6, 8];
const lowComplexity = 2;
const spectralBandReplication = 5;
const parametricStereo = 29;
const explicitRate = 15;
const extendedType = 31;
/** Object types that begin with a GASpecificConfig, whose first bit is the length of a frame (table 1.17). */
const generalAudio = new Set([1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23]);

/** Reads an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1); undefined when it cannot be understood. */
export function readAacConfig(config: Buffer): AacFormat | undefined {
  try {
    const bits = new PlainBits(config);
    const outer = objectType(bits);
    const coreRate = samplingRate(bits);
    const channels = channelCounts[bits.bits(4)];
    const extended = outer === spectralBandReplication || outer === parametricStereo;
    if (extended) samplingRate(bits);
    const core = extended ? objectType(bits) : outer;
    if (channels === undefined || coreRate === 0 || !generalAudio.has(core)) return undefined;
    return { coreRate, channels, frameSamples: bits.bits(1) === 1 ? 960 : 1_024 };
  } catch {
    return undefined;
  }
}

/** The AudioSpecificConfig of AAC-LC; undefined when the table knows no such rate. */
export function aacConfig(rate: number, channels: 1 | 2): Buffer | undefined {
  const index = rates.indexOf(rate);
  if (index < 0) return undefined;
  const config = Buffer.alloc(2);
  config.writeUInt16BE((lowComplexity << 11) | (index << 7) | (channels << 3));
  return config;
}

function objectType(bits: PlainBits): number {
  const type = bits.bits(5);
  return type === extendedType ? 32 + bits.bits(6) : type;
}

function samplingRate(bits: PlainBits): number {
  const index = bits.bits(4);
  return index === explicitRate ? bits.bits(24) : (rates[index] ?? 0);
}
