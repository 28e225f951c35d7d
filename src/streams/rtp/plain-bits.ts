/** Reads bits, most significant first, of data that has no emulation prevention bytes. Throws RangeError past the end. */
export class PlainBits {
  readonly #data: Buffer;
  #bit = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  get left(): number {
    return this.#data.length * 8 - this.#bit;
  }

  /** `count` is 32 at most. */
  bits(count: number): number {
    if (count > this.left) throw new RangeError('the data ends too early');
    let value = 0;
    for (let read = 0; read < count; read += 1) {
      value = value * 2 + (((this.#data[this.#bit >> 3] ?? 0) >> (7 - (this.#bit & 7))) & 1);
      this.#bit += 1;
    }
    return value;
  }
}
