import { DecodeOrder } from '../flv/decode-order.ts';
import { ticksPerSecond } from './mp4-track.ts';

/** A step of the camera's clock that differs so much from ours is a clock set anew, or another connection. */
const maxDriftTicks = 5 * ticksPerSecond;

export interface PictureTime {
  /** Ticks since the first picture; always rising. */
  readonly decodeTicks: number;
  readonly offsetTicks: number;
}

/** From the camera's 32-bit clock to the times of one file, which starts at 0 with a key picture. */
export class PictureTimes {
  readonly #order: DecodeOrder;
  #ticks: number;
  #arrivedMs: number;
  #shown = 0;
  #origin: number | undefined;

  /** `reorder` is how many pictures may precede one shown earlier, when the stream says it. */
  constructor(first: { readonly ticks: number; readonly arrivedMs: number; readonly reorder: number | undefined }) {
    this.#order = new DecodeOrder(first.reorder);
    this.#ticks = first.ticks;
    this.#arrivedMs = first.arrivedMs;
  }

  /** Whether a picture belongs to the same run of the camera's clock as those before. */
  follows(ticks: number, arrivedMs: number): boolean {
    const step = (ticks - this.#ticks) | 0;
    const arrived = ((arrivedMs - this.#arrivedMs) * ticksPerSecond) / 1_000;
    return Math.abs(step - arrived) <= maxDriftTicks;
  }

  next(ticks: number, arrivedMs: number): PictureTime {
    this.#shown += (ticks - this.#ticks) | 0;
    this.#ticks = ticks;
    this.#arrivedMs = arrivedMs;
    const decoded = this.#order.next(this.#shown);
    this.#origin ??= decoded;
    const decodeTicks = decoded - this.#origin;
    return { decodeTicks, offsetTicks: this.#shown - decoded };
  }
}
