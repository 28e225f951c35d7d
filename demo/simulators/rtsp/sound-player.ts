import { randomInt } from 'node:crypto';
import type { ClipSound } from './clip-sound.ts';
import type { MediaWay } from './media-way.ts';
import { senderReport } from './rtcp-report.ts';
import type { RtspOddities } from './rtsp-oddities.ts';
import { soundPayloadType } from './rtsp-session-description.ts';

const reportEveryMs = 5_000;
const headerBytes = 16;

export interface SoundPlayerOptions {
  readonly way: MediaWay;
  readonly sound: ClipSound;
  readonly odd: RtspOddities;
  /** Asked before each packet: `true` keeps it from the client. */
  readonly muted: () => boolean;
  /** Where the pictures are: the first turn of a clip is heard as it is seen. */
  readonly playedMs: () => number;
}

/** Sends one sound to one client by the clock. */
export class SoundPlayer {
  readonly #options: SoundPlayerOptions;
  readonly #ssrc = randomInt(2 ** 32);
  readonly #timestampBase = randomInt(2 ** 32);
  readonly #payloadMs: number;
  #sequence = randomInt(2 ** 16);
  #startedAt = 0;
  #sent = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SoundPlayerOptions) {
    this.#options = options;
    this.#payloadMs = (options.sound.payloadTicks * 1_000) / options.sound.clockRate;
  }

  start(): void {
    if (this.#timer || this.#options.odd.micOff) return;
    this.#sent ||= Math.floor(this.#options.playedMs() / this.#payloadMs);
    this.#startedAt = performance.now() - this.#sent * this.#payloadMs;
    this.#timer = setInterval(() => this.#catchUp(), this.#payloadMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #catchUp(): void {
    const due = Math.floor((performance.now() - this.#startedAt) / this.#payloadMs);
    for (; this.#sent < due; this.#sent += 1) if (!this.#options.muted()) this.#send();
  }

  #send(): void {
    const { way, sound, odd } = this.#options;
    const payload = sound.payloads[this.#sent % sound.payloads.length] ?? Buffer.alloc(0);
    const timestamp = (this.#timestampBase + this.#sent * sound.payloadTicks) >>> 0;
    this.#report(timestamp, odd);
    const packet = Buffer.alloc(headerBytes);
    packet.set([
      0x24,
      0,
      (12 + payload.length) >> 8,
      (12 + payload.length) & 0xff,
      0x80,
      0x80 | soundPayloadType(sound),
    ]);
    packet.writeUInt16BE(this.#sequence & 0xffff, 6);
    packet.writeUInt32BE(timestamp, 8);
    packet.writeUInt32BE(this.#ssrc, 12);
    this.#sequence += 1;
    way.media(Buffer.concat([packet, payload]), [0]);
  }

  #report(timestamp: number, { noReports, clockOffsetMs = 0 }: RtspOddities): void {
    const now = performance.now();
    if (noReports || now - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = now;
    const at = Date.now() + clockOffsetMs;
    this.#options.way.control(senderReport({ ssrc: this.#ssrc, timestamp, at, packets: this.#sent, octets: 0 }));
  }
}
