/** Nodes that turn out to be one and the same, a few at a time. */
export class SameNodes {
  readonly #parents: number[] = [];

  add(): number {
    return this.#parents.push(this.#parents.length) - 1;
  }

  join(a: number, b: number): void {
    this.#parents[this.#rootOf(a)] = this.#rootOf(b);
  }

  /** Every node's number, from 0 without gaps; the same for nodes that are the same. */
  numbered(): { readonly numberOf: readonly number[]; readonly count: number } {
    const numbers = new Map<number, number>();
    const numberOf = this.#parents.map((_, node) => {
      const root = this.#rootOf(node);
      const number = numbers.get(root) ?? numbers.size;
      numbers.set(root, number);
      return number;
    });
    return { numberOf, count: numbers.size };
  }

  #rootOf(node: number): number {
    let root = node;
    for (let parent = this.#parents[root] ?? root; parent !== root; parent = this.#parents[root] ?? root) {
      // Halves the way for whoever comes next.
      this.#parents[root] = this.#parents[parent] ?? parent;
      root = parent;
    }
    return root;
  }
}
