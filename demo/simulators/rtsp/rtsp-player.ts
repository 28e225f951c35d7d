import { randomInt } from 'node:crypto';
import type { AiredFrame, ClipLoop } from './clip-loop.ts';
import type { MediaWay } from './media-way.ts';
import { goodbye, senderReport } from './rtcp-report.ts';
import { stamped } from './rtp-packetizer.ts';
import type { RtspOddities } from './rtsp-oddities.ts';

const reportEveryMs = 5_000;
const maxUnsentBytes = 4 * 1024 * 1024;

export interface PlayerOptions {
  readonly way: MediaWay;
  readonly loop: ClipLoop;
  readonly odd: RtspOddities;
  /** Asked before each picture: `true` keeps it from the client. */
  readonly muted: () => boolean;
  /** Added to each timestamp, in 90 kHz ticks. */
  readonly shiftTicks: () => number;
}

/** Sends one stream to one client, from a key frame on; a client that does not read loses pictures up to the next one. */
export class RtspPlayer {
  readonly #options: PlayerOptions;
  readonly #ssrc = randomInt(2 ** 32);
  readonly #firstTicks: number;
  readonly #timestampBase: number;
  #sequence: number;
  #waitsForKey = true;
  #packets = 0;
  #octets = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  readonly #listen = (frame: AiredFrame) => this.#send(frame);

  constructor(options: PlayerOptions) {
    this.#options = options;
    const { firstSequence, firstTimestamp } = options.odd;
    this.#sequence = firstSequence ?? randomInt(2 ** 16);
    this.#firstTicks = firstTimestamp === undefined ? 0 : options.loop.nextKeyTicks;
    this.#timestampBase = firstTimestamp ?? randomInt(2 ** 32);
  }

  /** The two numbers of the RTP-Info header. */
  get info(): string {
    return `seq=${this.#sequence & 0xffff};rtptime=${this.#timestamp(this.#options.loop.nextKeyTicks)}`;
  }

  start(): void {
    this.#options.loop.play(this.#listen);
  }

  stop(): void {
    this.#options.loop.stop(this.#listen);
    this.#waitsForKey = true;
  }

  /** Ends the stream in order: the client hears so, and gets no more. */
  sayGoodbye(): void {
    this.stop();
    this.#options.way.control(goodbye(this.#ssrc));
  }

  #send(frame: AiredFrame): void {
    const { way, muted } = this.#options;
    if (muted() || way.backlog > maxUnsentBytes) {
      this.#waitsForKey = true;
      return;
    }
    if (this.#waitsForKey && !frame.key) return;
    this.#waitsForKey = false;
    const timestamp = this.#timestamp(frame.ticks);
    const { packets } = frame;
    this.#report(timestamp);
    way.media(stamped(packets, { sequence: this.#sequence, timestamp, ssrc: this.#ssrc }), packets.offsets);
    this.#sequence += packets.offsets.length;
    this.#packets += packets.offsets.length;
    this.#octets += packets.payloadBytes;
  }

  #report(timestamp: number): void {
    const { way, odd } = this.#options;
    const now = performance.now();
    if (odd.noReports || now - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = now;
    const counts = { packets: this.#packets, octets: this.#octets };
    way.control(senderReport({ ssrc: this.#ssrc, timestamp, at: Date.now() + (odd.clockOffsetMs ?? 0), ...counts }));
  }

  #timestamp(ticks: number): number {
    return (this.#timestampBase + ticks - this.#firstTicks + this.#options.shiftTicks()) >>> 0;
  }
}
