const rateWindowMs = 2_000;

/** Bits a second, measured over two seconds at a time. */
export class BitRate {
  #since: number | undefined;
  #bytes = 0;
  bitsPerSecond = 0;

  add(bytes: number, now: number): void {
    this.#since ??= now;
    this.#bytes += bytes;
    const elapsed = now - this.#since;
    if (elapsed < rateWindowMs) return;
    this.bitsPerSecond = Math.round((this.#bytes * 8_000) / elapsed);
    this.#since = now;
    this.#bytes = 0;
  }

  clear(): void {
    this.#since = undefined;
    this.#bytes = 0;
    this.bitsPerSecond = 0;
  }
}
