import { readAacConfig } from '../rtp/aac-config.ts';
import type { AudioFrame, SoundFormat } from '../rtp/audio-frame.ts';

const aac = 10;
const g711 = { 7: 'pcma', 8: 'pcmu' } as const;
const maxConfigBytes = 256;

/** Sound out of FLV tags: AAC once its configuration came, and G.711. All else is silence, never an error. */
export class FlvSound {
  #aac: SoundFormat | undefined;

  /** How the AAC is coded; undefined before its configuration came, and the same object until another one does. */
  get format(): SoundFormat | undefined {
    return this.#aac;
  }

  /** The frame in the body of a sound tag (FLV 10.1 §E.4.2); undefined when there is none that we know. */
  take(body: Buffer, timestampMs: number): AudioFrame | undefined {
    const first = body[0] ?? 0;
    const format = first >> 4;
    if (format === 7 || format === 8) return g711Frame(g711[format], body, timestampMs);
    if (format !== aac || body.length < 2) return undefined;
    const data = body.subarray(2);
    if (body[1] === 0) this.#configure(data);
    if (body[1] !== 1 || !this.#aac || data.length === 0) return undefined;
    return { ...this.#aac, data, timestamp: ticks(timestampMs, this.#aac.clockRate) };
  }

  #configure(config: Buffer): void {
    if (config.length > maxConfigBytes || this.#aac?.config?.equals(config)) return;
    const format = readAacConfig(config);
    if (!format || format.channels === 0) return;
    this.#aac = { codec: 'aac', config: Buffer.from(config), clockRate: format.coreRate, channels: format.channels };
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
