import { DecodeOrder } from './decode-order.ts';

const ticksPerMs = 90;
/** A picture this far from where the clock on the wall expects it is a jump of the camera's clock, not a gap. */
const maxDriftMs = 5_000;
/** A longer pause is closed up: a player would stand still at it. */
const maxGapMs = 2_000;
const usualIntervalMs = 40;

export interface TagTime {
  readonly decodeMs: number;
  /** Showing minus decoding time, milliseconds; not 0 only with B pictures. */
  readonly offsetMs: number;
}

/**
 * One rising millisecond timeline for a hub, whatever the camera's clock does: it wraps, jumps a day back or forth, or
 * starts over after a reboot. After a gap the next picture follows the last one directly, so that a player never stalls.
 */
export class Timeline {
  #order = new DecodeOrder(undefined);
  #depth: number | undefined;
  #ticks: number | undefined;
  #arrivedMs = 0;
  /** Added to the camera's unwrapped time to get ours. */
  #shiftMs = 0;
  #unwrapped = 0;
  #latestMs = -usualIntervalMs;
  #intervalMs = usualIntervalMs;
  #lastDecodeMs = -1;

  /** The mean time between pictures, milliseconds. */
  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** The next picture starts a new run of the camera's clock: it follows the last one directly. */
  restart(reorderDepth?: number): void {
    this.#ticks = undefined;
    this.#depth = reorderDepth;
  }

  /** `ticks` is the 32-bit RTP timestamp at 90 kHz, `arrivedMs` any monotonic clock. */
  next(ticks: number, arrivedMs: number): TagTime {
    const step = this.#ticks === undefined ? undefined : ((ticks - this.#ticks) | 0) / ticksPerMs;
    if (step === undefined || this.#jumps(step, arrivedMs)) this.#follow(ticks);
    else this.#advance(step);
    this.#ticks = ticks;
    this.#arrivedMs = arrivedMs;
    const shownMs = Math.round(this.#unwrapped + this.#shiftMs);
    this.#latestMs = Math.max(this.#latestMs, shownMs);
    const decodeMs = Math.max(this.#order.next(shownMs), this.#lastDecodeMs + 1);
    this.#lastDecodeMs = decodeMs;
    return { decodeMs, offsetMs: shownMs - decodeMs };
  }

  #jumps(stepMs: number, arrivedMs: number): boolean {
    const drifted = Math.abs(stepMs - (arrivedMs - this.#arrivedMs)) > maxDriftMs;
    return drifted || stepMs > Math.max(maxGapMs, 4 * this.#intervalMs);
  }

  #follow(ticks: number): void {
    this.#order = new DecodeOrder(this.#depth);
    this.#unwrapped = ticks / ticksPerMs;
    this.#shiftMs = this.#latestMs + Math.max(1, Math.round(this.#intervalMs)) - this.#unwrapped;
  }

  #advance(stepMs: number): void {
    this.#unwrapped += stepMs;
    if (stepMs > 0 && stepMs < 2_000) this.#intervalMs += (stepMs - this.#intervalMs) / 16;
  }
}
