import { Reception } from '../rtp/reception.ts';
import { parseRtcp, receiverReport } from '../rtp/rtcp.ts';
import { parseRtpPacket, type RtpPacket } from '../rtp/rtp-packet.ts';
import { SenderClock } from './sender-clock.ts';

export interface TrackReceiverOptions {
  readonly payloadType: number;
  /** Ticks a second. */
  readonly clockRate: number;
  readonly onPacket: (packet: RtpPacket, clock: SenderClock) => void;
  /** The camera says the stream is over. */
  readonly onBye: () => void;
}

const rtpHeaderBytes = 12;

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

  media(data: Buffer): void {
    const { payloadType, onPacket } = this.#options;
    // Reports on the media port, and payload types nobody described, are left alone.
    if (data.length <= rtpHeaderBytes || (data.readUInt8(1) & 0x7f) !== payloadType) return;
    const packet = parseRtpPacket(data);
    if (!packet) return;
    this.#reception.note(data, performance.now());
    onPacket(packet, this.#clock);
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
