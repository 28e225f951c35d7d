/**
 * Gives pictures that come in decoding order a decoding time. RTP says only when a picture is shown; with B pictures that
 * jumps back and forth. The decoding times are the showing times sorted, delayed by the stream's reorder depth.
 */
export class DecodeOrder {
  #depth: number;
  readonly #window: number[] = [];
  #last: number | undefined;

  /** `depth` is the most pictures that precede one shown earlier; undefined is learned from what comes. */
  constructor(depth: number | undefined) {
    this.#depth = depth ?? 0;
  }

  /** Takes a showing time and returns a decoding time that always rises. Both in milliseconds. */
  next(shownMs: number): number {
    const earlierThan = this.#window.filter((time) => time > shownMs).length;
    this.#depth = Math.min(16, Math.max(this.#depth, earlierThan));
    this.#window.push(shownMs);
    this.#window.sort((a, b) => a - b);
    const oldest = this.#window[0] ?? shownMs;
    if (this.#window.length > this.#depth) this.#window.shift();
    const decoded = this.#last === undefined ? oldest - this.#depth : oldest;
    this.#last = Math.max(decoded, (this.#last ?? Number.NEGATIVE_INFINITY) + 1);
    return this.#last;
  }
}
