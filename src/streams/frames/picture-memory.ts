/** Beyond what is on its way through a decoder and a detector, memory is better given back. */
const mostSpare = 2;

/** Memory for decoded pictures that is used again: a picture a second of each camera would keep the collector busy. */
export class PictureMemory {
  #spare: Uint8Array<ArrayBuffer>[] = [];

  /** Holds whatever it held before. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const known = this.#spare.findIndex(({ length }) => length === bytes);
    if (known < 0) return new Uint8Array(bytes);
    const [memory] = this.#spare.splice(known, 1);
    return memory ?? new Uint8Array(bytes);
  }

  /** Nobody reads it any more. What was given to another thread and not given back is of no use. */
  readonly giveBack = (memory: Uint8Array<ArrayBuffer>): void => {
    if (memory.length === 0 || this.#spare.some(({ buffer }) => buffer === memory.buffer)) return;
    this.#spare = [memory, ...this.#spare].slice(0, mostSpare);
  };
}
