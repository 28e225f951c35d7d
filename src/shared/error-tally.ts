/** What can fail a thousand times a second is counted and reported once a second, with the last error. */
export class ErrorTally {
  readonly #report: (count: number, last: Error) => void;
  readonly #everyMs: number;
  #count = 0;
  #last: Error | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(report: (count: number, last: Error) => void, everyMs = 1_000) {
    this.#report = report;
    this.#everyMs = everyMs;
  }

  add(error: Error): void {
    this.#count += 1;
    this.#last = error;
    this.#timer ??= setTimeout(() => this.#flush(), this.#everyMs).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#last) this.#report(this.#count, this.#last);
    this.#count = 0;
    this.#last = undefined;
  }
}
