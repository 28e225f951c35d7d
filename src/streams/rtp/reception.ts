import type { ReportBlock, SenderReport } from './rtcp.ts';
import type { RtpPacket } from './rtp-packet.ts';

const sequences = 0x10000;
/** A jump farther than this is a sender that started over (RFC 3550 §A.1, MAX_DROPOUT and MAX_MISORDER). */
const maxDropout = 3_000;
const maxMisorder = 128;

/** How well the packets of one source arrive, for its receiver reports (RFC 3550 §A.3, §A.8). */
export class Reception {
  readonly #ticksPerMs: number;
  #source: number | undefined;
  #base = 0;
  #highest = 0;
  #cycles = 0;
  #received = 0;
  #transit: number | undefined;
  #jitter = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #reported: { readonly report: SenderReport; readonly atMs: number } | undefined;

  /** `clockRate` is ticks a second. */
  constructor(clockRate: number) {
    this.#ticksPerMs = clockRate / 1_000;
  }

  /** Who sends, by the packets; undefined before the first. */
  get source(): number | undefined {
    return this.#source;
  }

  /** Packets that should have come and did not, less those that came twice. */
  get lost(): number {
    return this.#expected - this.#received;
  }

  /** Takes a packet of this source that came at `nowMs` of any monotonic clock. */
  note(source: number, { sequence, timestamp }: RtpPacket, nowMs: number): void {
    if (source !== this.#source) this.#begin(source, sequence);
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ahead < maxDropout) {
      if (sequence < this.#highest) this.#cycles += sequences;
      this.#highest = sequence;
    } else if (ahead <= sequences - maxMisorder) {
      this.#begin(source, sequence);
    }
    this.#received += 1;
    this.#noteTransit(timestamp, nowMs);
  }

  noteReport(report: SenderReport, nowMs: number): void {
    this.#reported = { report, atMs: nowMs };
  }

  /** What to tell the source now; undefined before its first packet. Each call starts the next interval of losses. */
  block(nowMs: number): ReportBlock | undefined {
    if (this.#source === undefined) return undefined;
    const expected = this.#expected - this.#expectedBefore;
    const missing = expected - (this.#received - this.#receivedBefore);
    this.#expectedBefore = this.#expected;
    this.#receivedBefore = this.#received;
    return {
      source: this.#source,
      fractionLost: missing > 0 ? Math.min(255, Math.floor((256 * missing) / expected)) : 0,
      lost: this.lost,
      highestSequence: this.#cycles + this.#highest,
      jitter: Math.floor(this.#jitter),
      lastReport: this.#reported?.report.middle ?? 0,
      delay: this.#reported ? Math.round(((nowMs - this.#reported.atMs) * 65_536) / 1_000) : 0,
    };
  }

  get #expected(): number {
    return this.#source === undefined ? 0 : this.#cycles + this.#highest - this.#base + 1;
  }

  #begin(source: number, sequence: number): void {
    this.#source = source;
    this.#base = sequence;
    this.#highest = sequence;
    this.#cycles = 0;
    this.#received = 0;
    this.#transit = undefined;
    this.#jitter = 0;
    this.#expectedBefore = 0;
    this.#receivedBefore = 0;
  }

  #noteTransit(timestamp: number, nowMs: number): void {
    const transit = (Math.floor(nowMs * this.#ticksPerMs) - timestamp) | 0;
    if (this.#transit !== undefined) {
      const moved = Math.abs((transit - this.#transit) | 0);
      this.#jitter += (moved - this.#jitter) / 16;
    }
    this.#transit = transit;
  }
}
