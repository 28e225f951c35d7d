/** Of something smaller Node carves many from one piece, which costs less than one of its own. */
const leastBytes = 4 * 1024;
const usualMostBytes = 64 * 1024 * 1024;

/**
 * Memory for pictures, used again. A hundred cameras fill 40 MB a second: left to the collector, that much makes it walk the
 * whole heap every second, which costs more than all the copying. At most `mostBytes` lie here unused.
 */
export class PieceMemory {
  readonly #mostBytes: number;
  /** By size. */
  readonly #unused = new Map<number, Buffer[]>();
  #unusedBytes = 0;

  constructor(mostBytes = usualMostBytes) {
    this.#mostBytes = mostBytes;
  }

  /** At least so many bytes, with whatever was in them before. */
  take(bytes: number): Buffer {
    if (bytes < leastBytes) return Buffer.allocUnsafe(bytes);
    const size = sizeFor(bytes);
    const piece = this.#unused.get(size)?.pop();
    if (!piece) return Buffer.allocUnsafeSlow(size);
    this.#unusedBytes -= size;
    return piece;
  }

  /** Only once nobody looks at it any more; what was not taken here as a piece of its own is left to the collector. */
  give(piece: Buffer): void {
    const size = piece.length;
    if (size < leastBytes || size !== sizeFor(size) || this.#unusedBytes + size > this.#mostBytes) return;
    this.#unusedBytes += size;
    const same = this.#unused.get(size);
    if (same) same.push(piece);
    else this.#unused.set(size, [piece]);
  }
}

/** Four sizes to each doubling: pictures of nearly one size share theirs, and a quarter at most is wasted. */
function sizeFor(bytes: number): number {
  const step = 2 ** (29 - Math.clz32(bytes - 1));
  return Math.ceil(bytes / step) * step;
}
