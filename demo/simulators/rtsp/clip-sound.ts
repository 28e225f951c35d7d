/** Sound to go round and round: payloads of equal length in time. */
export interface ClipSound {
  readonly codec: 'pcma' | 'pcmu' | 'aac';
  readonly clockRate: number;
  readonly channels: number;
  /** Ticks of one payload. */
  readonly payloadTicks: number;
  /** Whole RTP payloads. */
  readonly payloads: readonly Buffer[];
  /** AudioSpecificConfig, of AAC alone. */
  readonly config?: Buffer;
}

const telephoneRate = 8_000;
const packetSamples = 160;
const toneHz = 400;

/** A tone of 400 Hz in packets of 20 ms (RFC 3551 §4.5.14). */
export function tone(codec: 'pcma' | 'pcmu'): ClipSound {
  const encode = codec === 'pcma' ? encodeA : encodeMu;
  const sample = (index: number) => Math.round(8_000 * Math.sin((2 * Math.PI * toneHz * index) / telephoneRate));
  const payload = Buffer.from(Array.from({ length: packetSamples }, (_, index) => encode(sample(index))));
  return { codec, clockRate: telephoneRate, channels: 1, payloadTicks: packetSamples, payloads: [payload] };
}

/** ITU-T G.711, A-law, of a 16-bit sample. */
function encodeA(sample: number): number {
  const positive = sample >= 0;
  const size = Math.min(0x7fff, positive ? sample : -sample - 1);
  const exponent = Math.max(0, Math.floor(Math.log2(Math.max(1, size >> 8))) + 1);
  const mantissa = exponent === 0 ? (size >> 4) & 0x0f : (size >> (exponent + 3)) & 0x0f;
  return ((positive ? 0x80 : 0) | (exponent << 4) | mantissa) ^ 0x55;
}

/** ITU-T G.711, µ-law, of a 16-bit sample. */
function encodeMu(sample: number): number {
  const size = Math.min(0x7fff, Math.abs(sample) + 132);
  const exponent = Math.max(0, Math.floor(Math.log2(size)) - 7);
  const mantissa = (size >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

export type AacFormat = Pick<ClipSound, 'clockRate' | 'channels'> & { readonly config: Buffer };

/** AAC access units as RFC 3640 packs them in mode AAC-hbr: one a packet, 13 bits of size and 3 of index before it. */
export function aacSound(frames: readonly Buffer[], format: AacFormat): ClipSound {
  const head = ({ length }: Buffer) => Buffer.of(0, 16, length >> 5, (length & 0x1f) << 3);
  const payloads = frames.map((frame) => Buffer.concat([head(frame), frame]));
  return { codec: 'aac', ...format, payloadTicks: 1_024, payloads };
}
