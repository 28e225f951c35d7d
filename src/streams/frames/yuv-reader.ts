import type { PictureMemory } from './picture-memory.ts';

export interface YuvPicture {
  /** Even, like the height. */
  readonly width: number;
  readonly height: number;
  /**
   * A byte of brightness for each pixel, rows from the top; then, for each two rows, how blue and beside it how red every
   * second pixel is. By Rec. 601, brightness from 16 to 235. In shared memory: threads read it where it is.
   */
  readonly yuv: Uint8Array;
}

const maxHeaderBytes = 64;
const maxPictureBytes = 64 * 1024 * 1024;

/**
 * Cuts the output of `-c:v pgmyuv` into pictures: each says its own size. What is written into `space` lies where the picture
 * will be, and is `taken`. Throws RangeError on anything else.
 */
export class YuvReader {
  readonly #onPicture: (picture: YuvPicture) => void;
  readonly #memory: PictureMemory;
  readonly #header = Buffer.alloc(maxHeaderBytes);
  #headerBytes = 0;
  #picture: YuvPicture | undefined;
  #filled = 0;

  constructor(onPicture: (picture: YuvPicture) => void, memory: PictureMemory) {
    this.#onPicture = onPicture;
    this.#memory = memory;
  }

  /** Where the next bytes belong; never empty. */
  space(): Uint8Array {
    return this.#picture ? this.#picture.yuv.subarray(this.#filled) : this.#header.subarray(this.#headerBytes);
  }

  /** So many bytes were written into `space`. */
  taken(bytes: number): void {
    if (this.#picture) {
      this.#filled += bytes;
      if (this.#filled === this.#picture.yuv.length) this.#finish(this.#picture);
      return;
    }
    this.#headerBytes += bytes;
    this.#begin();
  }

  /** What was read elsewhere. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const part = this.space();
      const bytes = Math.min(part.length, chunk.length - at);
      part.set(chunk.subarray(at, at + bytes));
      this.taken(bytes);
      at += bytes;
    }
  }

  #finish(picture: YuvPicture): void {
    this.#picture = undefined;
    this.#onPicture(picture);
  }

  #begin(): void {
    const seen = this.#header.subarray(0, this.#headerBytes);
    const header = /^P5\s+(\d{1,5})\s+(\d{1,5})\s+255\s/.exec(seen.toString('latin1'));
    if (!header) {
      if (seen.length >= maxHeaderBytes) throw new RangeError('not a PGM picture');
      return;
    }
    const [width, rows] = [Number(header[1]), Number(header[2])];
    // A picture and half of one: its colours lie below it.
    const isWhole = width > 0 && rows > 0 && width % 2 === 0 && rows % 3 === 0;
    if (!isWhole || width * rows > maxPictureBytes) throw new RangeError('a picture of an impossible size');
    this.#picture = { width, height: (rows / 3) * 2, yuv: this.#memory.take(width * rows) };
    this.#filled = 0;
    this.#headerBytes = 0;
    const rest = Buffer.from(seen.subarray(header[0].length));
    this.push(rest);
  }
}
