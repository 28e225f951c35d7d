export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel, rows from the top, in a buffer of its own. */
  readonly rgb: Uint8Array<ArrayBuffer>;
}

const maxHeaderBytes = 64;
const maxPictureBytes = 64 * 1024 * 1024;

/** Cuts the output of `-c:v ppm` into pictures: each says its own size. Throws RangeError on anything else. */
export class PpmReader {
  readonly #onPicture: (picture: RgbPicture) => void;
  #header = Buffer.alloc(0);
  #picture: RgbPicture | undefined;
  #filled = 0;

  constructor(onPicture: (picture: RgbPicture) => void) {
    this.#onPicture = onPicture;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#picture ? this.#fill(this.#picture, rest) : this.#begin(rest);
  }

  #begin(chunk: Buffer): Buffer {
    const seen = Buffer.concat([this.#header, chunk.subarray(0, maxHeaderBytes)]);
    const header = /^P6\s+(\d{1,5})\s+(\d{1,5})\s+255\s/.exec(seen.toString('latin1'));
    if (!header) {
      if (seen.length >= maxHeaderBytes) throw new RangeError('not a PPM picture');
      this.#header = seen;
      return Buffer.alloc(0);
    }
    const [width, height] = [Number(header[1]), Number(header[2])];
    const bytes = width * height * 3;
    if (bytes === 0 || bytes > maxPictureBytes) throw new RangeError('a PPM picture of an impossible size');
    this.#picture = { width, height, rgb: new Uint8Array(bytes) };
    this.#filled = 0;
    const used = header[0].length - this.#header.length;
    this.#header = Buffer.alloc(0);
    return chunk.subarray(used);
  }

  #fill(picture: RgbPicture, chunk: Buffer): Buffer {
    const part = chunk.subarray(0, picture.rgb.length - this.#filled);
    picture.rgb.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled === picture.rgb.length) {
      this.#picture = undefined;
      this.#onPicture(picture);
    }
    return chunk.subarray(part.length);
  }
}
