import type { AudioFrame } from '../rtp/audio-frame.ts';
import { BitReader } from '../rtp/bit-reader.ts';

/** ISO/IEC 14496-3 table 1.18. */
const rates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
const aac = 10;
const g711 = { 7: 'pcma', 8: 'pcmu' } as const;
const maxConfigBytes = 256;

interface AacConfig {
  readonly config: Buffer;
  readonly clockRate: number;
  readonly channels: number;
}

/** Sound out of FLV tags: AAC once its configuration came, and G.711. All else is silence, never an error. */
export class FlvSound {
  #aac: AacConfig | undefined;

  /** The frame in the body of a sound tag (FLV 10.1 §E.4.2); undefined when there is none that we know. */
  take(body: Buffer, timestampMs: number): AudioFrame | undefined {
    const first = body[0] ?? 0;
    const format = first >> 4;
    if (format === 7 || format === 8) return g711Frame(g711[format], body, timestampMs);
    if (format !== aac || body.length < 2) return undefined;
    const data = body.subarray(2);
    if (body[1] === 0) this.#configure(data);
    if (body[1] !== 1 || !this.#aac || data.length === 0) return undefined;
    return { codec: 'aac', data, timestamp: ticks(timestampMs, this.#aac.clockRate), ...this.#aac };
  }

  #configure(config: Buffer): void {
    if (config.length > maxConfigBytes || this.#aac?.config.equals(config)) return;
    this.#aac = readAacConfig(config) ?? this.#aac;
  }
}

/** The rate and channels of an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1); undefined when it cannot be understood. */
function readAacConfig(config: Buffer): AacConfig | undefined {
  try {
    const reader = new BitReader(config, config.length);
    if (reader.bits(5) === 31) reader.skip(6);
    const index = reader.bits(4);
    const clockRate = index === 15 ? reader.bits(24) : (rates[index] ?? 0);
    const channels = reader.bits(4);
    return clockRate > 0 && channels > 0 ? { config: Buffer.from(config), clockRate, channels } : undefined;
  } catch {
    return undefined;
  }
}

function g711Frame(codec: 'pcma' | 'pcmu', body: Buffer, timestampMs: number): AudioFrame | undefined {
  const data = body.subarray(1);
  if (data.length === 0) return undefined;
  const channels = ((body[0] ?? 0) & 1) + 1;
  return { codec, data, timestamp: ticks(timestampMs, 8_000), clockRate: 8_000, channels };
}

function ticks(timestampMs: number, clockRate: number): number {
  return Math.round((timestampMs * clockRate) / 1_000) >>> 0;
}
