/** What a sender report says of time (RFC 3550 §6.4.1). */
export interface ClockMark {
  /** RTP ticks, 32 bit. */
  readonly timestamp: number;
  /** The camera's wall clock then, milliseconds since 1970. */
  readonly wallMs: number;
}

/** A camera whose clock is off by more shows a date nobody set: before its first NTP answer it counts from 1970 or 2000. */
const maxErrorMs = 24 * 3_600_000;

/** From the ticks of one track to the camera's wall clock, as its sender reports tell. */
export class SenderClock {
  readonly #ticksPerMs: number;
  #mark: ClockMark | undefined;

  /** `clockRate` is ticks a second. */
  constructor(clockRate: number) {
    this.#ticksPerMs = clockRate / 1_000;
  }

  /** Takes a sender report that came at `nowMs` of our wall clock; one that is absurd leaves the camera without a clock. */
  take(mark: ClockMark, nowMs: number): void {
    this.#mark = Math.abs(mark.wallMs - nowMs) <= maxErrorMs ? mark : undefined;
  }

  /** When the camera took what bears this timestamp; undefined before its first believable sender report. */
  wallTime(timestamp: number): Date | undefined {
    if (!this.#mark) return undefined;
    const ticks = (timestamp - this.#mark.timestamp) | 0;
    return new Date(Math.round(this.#mark.wallMs + ticks / this.#ticksPerMs));
  }
}
