/** Beyond what is on its way through a decoder and a detector, memory is better given back. */
const mostSpare = 2;

/**
 * Memory for decoded pictures that is used again: a picture a second of each camera would keep the collector busy. It is
 * shared, so that no thread's collector counts it as its own.
 */
export class PictureMemory {
  #spare: Uint8Array[] = [];

  /** Holds whatever it held before. */
  take(bytes: number): Uint8Array {
    const known = this.#spare.findIndex(({ length }) => length === bytes);
    const [memory] = known < 0 ? [] : this.#spare.splice(known, 1);
    return memory ?? new Uint8Array(new SharedArrayBuffer(bytes));
  }

  /** Nobody reads it any more. */
  readonly giveBack = (memory: Uint8Array): void => {
    if (this.#spare.includes(memory)) return;
    this.#spare = [memory, ...this.#spare].slice(0, mostSpare);
  };
}
