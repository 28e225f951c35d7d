import type { ByteSpan } from '../rtp/byte-span.ts';
import { Reception } from '../rtp/reception.ts';
import { parseRtcp, receiverReport } from '../rtp/rtcp.ts';
import { parseRtpPacket, type RtpPacket } from '../rtp/rtp-packet.ts';
import { SenderClock } from './sender-clock.ts';

/**
 * Takes one packet, whose payload is valid during the call. The clock tells when the camera took a timestamp of this track,
 * once a sender report came; `nowMs` is when it arrived, by `performance.now()`.
 */
export type OnPacket = (packet: RtpPacket, clock: SenderClock, nowMs: number) => void;

export interface TrackReceiverOptions {
  readonly payloadType: number;
  /** Ticks a second. */
  readonly clockRate: number;
  readonly onPacket: OnPacket;
  /** The camera says the stream is over. */
  readonly onBye: () => void;
}

/** One track: its packets handed on, its clock read, its losses counted for the camera. */
export class TrackReceiver {
  readonly #options: TrackReceiverOptions;
  readonly #reception: Reception;
  readonly #clock: SenderClock;

  constructor(options: TrackReceiverOptions) {
    this.#options = options;
    this.#reception = new Reception(options.clockRate);
    this.#clock = new SenderClock(options.clockRate);
  }

  /** Packets that never came. */
  get lost(): number {
    return this.#reception.lost;
  }

  media({ memory, start, end }: ByteSpan): void {
    const packet = parseRtpPacket(memory, start, end);
    // Reports on the media port, and payload types nobody described, are left alone.
    if (packet?.payloadType !== this.#options.payloadType) return;
    const nowMs = performance.now();
    this.#reception.note(memory.readUInt32BE(start + 8), packet, nowMs);
    this.#options.onPacket(packet, this.#clock, nowMs);
  }

  control(data: Buffer): void {
    const { report, bye } = parseRtcp(data);
    if (report && this.#isSource(report.source)) {
      this.#clock.take(report, Date.now());
      this.#reception.noteReport(report, performance.now());
    }
    if (bye?.some((source) => source === this.#reception.source)) this.#options.onBye();
  }

  /** The receiver report of this moment, from `self`. */
  report(self: number): Buffer {
    return receiverReport(self, this.#reception.block(performance.now()));
  }

  #isSource(source: number): boolean {
    return this.#reception.source === undefined || this.#reception.source === source;
  }
}
