import { type AacFormat, readAacConfig } from './aac-config.ts';
import { AacDepacketizer, type AuLayout, auLayout } from './aac-depacketizer.ts';
import type { AudioFrame, SoundFormat } from './audio-frame.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** The sound of one track, as its description has it. */
export interface DescribedSound extends SoundFormat {
  /** Parameters of `a=fmtp`, names in small letters. */
  readonly fmtp: ReadonlyMap<string, string>;
}

/** From packets of one track to its sound. */
export interface AudioDepacketizer {
  /** What can be heard in this packet; nothing of what is broken. */
  push(packet: RtpPacket): AudioFrame[];
}

/** More than any camera puts into one packet: a fifth of a second is usual at most. */
const maxTelephoneBytes = 8_000;

/** Undefined when the description does not say enough to play it. */
export function audioDepacketizer(sound: DescribedSound): AudioDepacketizer | undefined {
  if (sound.codec !== 'aac') return new G711Depacketizer(formatOf(sound));
  const layout = auLayout(sound.fmtp);
  const format = sound.config && readAacConfig(sound.config);
  return layout && format && new AacTrack(formatOf(sound), layout, format);
}

function formatOf({ codec, clockRate, channels, config }: DescribedSound): SoundFormat {
  return { codec, clockRate, channels, ...(config && { config }) };
}

class AacTrack implements AudioDepacketizer {
  readonly #format: SoundFormat;
  readonly #units: AacDepacketizer;
  readonly #frameTicks: number;

  constructor(format: SoundFormat, layout: AuLayout, { frameSamples, coreRate }: AacFormat) {
    this.#format = format;
    this.#units = new AacDepacketizer(layout);
    this.#frameTicks = Math.round((frameSamples * format.clockRate) / coreRate);
  }

  push(packet: RtpPacket): AudioFrame[] {
    return this.#units.push(packet).map(({ data, offset }) => {
      const timestamp = (packet.timestamp + offset * this.#frameTicks) >>> 0;
      return { ...this.#format, data, timestamp };
    });
  }
}

/** A byte a sample, as many as the camera likes (RFC 3551 §4.5.14). */
class G711Depacketizer implements AudioDepacketizer {
  readonly #format: SoundFormat;

  constructor(format: SoundFormat) {
    this.#format = format;
  }

  push({ payload, timestamp }: RtpPacket): AudioFrame[] {
    return payload.length > maxTelephoneBytes ? [] : [{ ...this.#format, data: payload, timestamp }];
  }
}
