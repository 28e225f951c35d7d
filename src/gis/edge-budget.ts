/** How many edges may still be looked at: outlines come from strangers, and some are drawn to keep us busy. */
export class EdgeBudget {
  #left: number;
  readonly #whole: EdgeBudget | undefined;

  constructor(most = Number.POSITIVE_INFINITY, whole?: EdgeBudget) {
    this.#left = most;
    this.#whole = whole;
  }

  /** False once more was asked for than there was. */
  spend(edges: number): boolean {
    this.#left -= edges;
    this.#whole?.spend(edges);
    return !this.isSpent;
  }

  /** At most so many of it, for one of several things to do. */
  part(most: number): EdgeBudget {
    return new EdgeBudget(most, this);
  }

  get isSpent(): boolean {
    return this.#left < 0 || this.#whole?.isSpent === true;
  }
}
