/** A queue to a slow reader: never longer than `limit`, drops the oldest and counts what it dropped. */
export class BoundedQueue<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#items.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  push(item: T): void {
    this.#items.push(item);
    if (this.#items.length <= this.#limit) return;
    this.#items.shift();
    this.#dropped += 1;
  }

  shift(): T | undefined {
    return this.#items.shift();
  }
}
