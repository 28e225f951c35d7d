import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import type { AiredFrame, ClipLoop } from './clip-loop.ts';
import { senderReport } from './rtcp-report.ts';
import { stamped } from './rtp-packetizer.ts';

const reportEveryMs = 5_000;
const maxUnsentBytes = 4 * 1024 * 1024;

export interface PlayerOptions {
  readonly socket: Socket;
  readonly loop: ClipLoop;
  /** The RTP channel of `interleaved=`; RTCP goes on the next. */
  readonly channel: number;
  /** Asked before each picture: `true` keeps it from the client. */
  readonly muted: () => boolean;
  /** Added to each timestamp, in 90 kHz ticks. */
  readonly shiftTicks: () => number;
}

/** Sends one stream to one client, from a key frame on; a client that does not read loses pictures up to the next one. */
export class RtspPlayer {
  readonly #options: PlayerOptions;
  readonly #ssrc = randomInt(2 ** 32);
  readonly #timestampBase = randomInt(2 ** 32);
  #sequence = randomInt(2 ** 16);
  #waitsForKey = true;
  #packets = 0;
  #octets = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  readonly #listen = (frame: AiredFrame) => this.#send(frame);

  constructor(options: PlayerOptions) {
    this.#options = options;
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

  #send(frame: AiredFrame): void {
    const { socket, channel, muted } = this.#options;
    if (muted() || socket.writableLength > maxUnsentBytes) {
      this.#waitsForKey = true;
      return;
    }
    if (this.#waitsForKey && !frame.key) return;
    this.#waitsForKey = false;
    const timestamp = this.#timestamp(frame.ticks);
    const { packets } = frame;
    this.#report(timestamp);
    socket.write(stamped(packets, { channel, sequence: this.#sequence, timestamp, ssrc: this.#ssrc }));
    this.#sequence += packets.offsets.length;
    this.#packets += packets.offsets.length;
    this.#octets += packets.payloadBytes;
  }

  #report(timestamp: number): void {
    const now = performance.now();
    if (now - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = now;
    const { socket, channel } = this.#options;
    const counts = { packets: this.#packets, octets: this.#octets };
    socket.write(senderReport(channel + 1, { ssrc: this.#ssrc, timestamp, at: Date.now(), ...counts }));
  }

  #timestamp(ticks: number): number {
    return (this.#timestampBase + ticks + this.#options.shiftTicks()) >>> 0;
  }
}
