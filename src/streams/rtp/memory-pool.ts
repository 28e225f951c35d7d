/**
 * Pieces of memory of one size: what one gives back the next one gets. Cameras that come and go for months would leave a
 * heap full of holes, and each new connection would use pages that none has used yet.
 */
export class MemoryPool {
  readonly #bytes: number;
  readonly #most: number;
  readonly #kept: Buffer[] = [];

  /** At most `most` pieces of `bytes` lie here unused. */
  constructor(bytes: number, most: number) {
    this.#bytes = bytes;
    this.#most = most;
  }

  /** With whatever was in it before. */
  take(): Buffer {
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(this.#bytes);
  }

  /** Only once nobody writes into it or looks at it any more. One of another size is left to the collector. */
  give(piece: Buffer): void {
    if (piece.length === this.#bytes && this.#kept.length < this.#most) this.#kept.push(piece);
  }
}
