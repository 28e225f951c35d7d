/** Reads bits and Exp-Golomb numbers (H.264 §9.1) of a NAL unit, without its emulation prevention bytes. */
export class BitReader {
  readonly #data: Buffer;
  #bit = 0;

  /** `limit` bounds what is unescaped: a parameter set is small, whatever its sender says. */
  constructor(nal: Buffer, limit = 4_096) {
    this.#data = unescapeNal(nal.subarray(0, limit));
  }

  bits(count: number): number {
    let value = 0;
    for (let read = 0; read < count; read += 1) value = value * 2 + this.#next();
    return value;
  }

  flag(): boolean {
    return this.#next() === 1;
  }

  skip(count: number): void {
    this.#bit += count;
  }

  unsigned(): number {
    let zeros = 0;
    while (this.#next() === 0) {
      zeros += 1;
      if (zeros > 32) throw new RangeError('an Exp-Golomb number is longer than 32 bits');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }

  #next(): number {
    const byte = this.#data[this.#bit >> 3];
    if (byte === undefined) throw new RangeError('the parameter set ends too early');
    const value = (byte >> (7 - (this.#bit & 7))) & 1;
    this.#bit += 1;
    return value;
  }
}

function unescapeNal(nal: Buffer): Buffer {
  const out = Buffer.allocUnsafe(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}
