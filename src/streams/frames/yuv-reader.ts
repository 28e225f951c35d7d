import type { PictureMemory } from './picture-memory.ts';

export interface YuvPicture {
  /** Even, like the height. */
  readonly width: number;
  readonly height: number;
  /**
   * A byte of brightness for each pixel, rows from the top; then, for each two rows, how blue and beside it how red every
   * second pixel is. By Rec. 601, brightness from 16 to 235. In shared memory:
   * threads read it where it is.
   */
  readonly yuv: Uint8Array;
}

const maxHeaderBytes = 64;
const maxPictureBytes = 64 * 1024 * 1024;

/** Cuts the output of `-c:v pgmyuv` into pictures: each says its own size. Throws RangeError on anything else. */
export class YuvReader {
  readonly #onPicture: (picture: YuvPicture) => void;
  readonly #memory: PictureMemory;
  #header = Buffer.alloc(0);
  #picture: YuvPicture | undefined;
  #filled = 0;

  constructor(onPicture: (picture: YuvPicture) => void, memory: PictureMemory) {
    this.#onPicture = onPicture;
    this.#memory = memory;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#picture ? this.#fill(this.#picture, rest) : this.#begin(rest);
  }

  #begin(chunk: Buffer): Buffer {
    const seen = Buffer.concat([this.#header, chunk.subarray(0, maxHeaderBytes)]);
    const header = /^P5\s+(\d{1,5})\s+(\d{1,5})\s+255\s/.exec(seen.toString('latin1'));
    if (!header) {
      if (seen.length >= maxHeaderBytes) throw new RangeError('not a PGM picture');
      this.#header = seen;
      return Buffer.alloc(0);
    }
    const [width, rows] = [Number(header[1]), Number(header[2])];
    // A picture and half of one: its colours lie below it.
    const isWhole = width > 0 && rows > 0 && width % 2 === 0 && rows % 3 === 0;
    if (!isWhole || width * rows > maxPictureBytes) throw new RangeError('a picture of an impossible size');
    this.#picture = { width, height: (rows / 3) * 2, yuv: this.#memory.take(width * rows) };
    this.#filled = 0;
    const used = header[0].length - this.#header.length;
    this.#header = Buffer.alloc(0);
    return chunk.subarray(used);
  }

  #fill(picture: YuvPicture, chunk: Buffer): Buffer {
    const part = chunk.subarray(0, picture.yuv.length - this.#filled);
    picture.yuv.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled === picture.yuv.length) {
      this.#picture = undefined;
      this.#onPicture(picture);
    }
    return chunk.subarray(part.length);
  }
}
