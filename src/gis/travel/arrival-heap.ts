/** Nodes by when they are reached, the soonest first: a binary heap on plain numbers. A node may be in it more than once. */
export class ArrivalHeap {
  readonly #seconds: Float64Array;
  readonly #nodes: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#seconds = new Float64Array(capacity);
    this.#nodes = new Int32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  push(node: number, seconds: number): void {
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#seconds[parent] ?? 0) <= seconds) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#put(at, node, seconds);
  }

  /** The node that is reached first, off the heap; -1 when it is empty. */
  pop(): number {
    if (this.#size === 0) return -1;
    const first = this.#nodes[0] ?? -1;
    this.#size -= 1;
    this.#sink(this.#nodes[this.#size] ?? -1, this.#seconds[this.#size] ?? 0);
    return first;
  }

  /** Puts it in from the top, where a hole is. */
  #sink(node: number, seconds: number): void {
    let at = 0;
    for (let child = 1; child < this.#size; child = 2 * at + 1) {
      if (child + 1 < this.#size && (this.#seconds[child + 1] ?? 0) < (this.#seconds[child] ?? 0)) child += 1;
      if ((this.#seconds[child] ?? 0) >= seconds) break;
      this.#copy(child, at);
      at = child;
    }
    this.#put(at, node, seconds);
  }

  #copy(from: number, to: number): void {
    this.#put(to, this.#nodes[from] ?? -1, this.#seconds[from] ?? 0);
  }

  #put(at: number, node: number, seconds: number): void {
    this.#nodes[at] = node;
    this.#seconds[at] = seconds;
  }
}
