export const reorderLimits = { packets: 32, waitMs: 100 } as const;

/** A packet so far behind is not late: its sender started over. */
const lateWindow = 128;

/**
 * Puts UDP packets back into the order they were sent in. It waits for a missing one until it came, 32 others did, or
 * 100 ms went by; then goes on without it. Holds nothing while all comes in order.
 */
export class ReorderBuffer {
  readonly #deliver: (data: Buffer) => void;
  readonly #held = new Map<number, Buffer>();
  #next: number | undefined;
  #heldSince = 0;
  #late = 0;

  /** `deliver` takes whole RTP packets in order. */
  constructor(deliver: (data: Buffer) => void) {
    this.#deliver = deliver;
  }

  /** Packets that came after they were given up, or twice. */
  get late(): number {
    return this.#late;
  }

  /** How many packets wait for one before them. */
  get held(): number {
    return this.#held.size;
  }

  push(data: Buffer, nowMs: number): void {
    const sequence = data.readUInt16BE(2);
    this.#next ??= sequence;
    const ahead = (sequence - this.#next) & 0xffff;
    if (ahead === 0) {
      this.#give(data);
      this.#drain();
    } else if (ahead >= 0x10000 - lateWindow || this.#held.has(sequence)) {
      this.#late += 1;
    } else {
      this.#hold(sequence, data, nowMs);
    }
    this.expire(nowMs);
  }

  /** Gives up what was waited for too long: what came after it is delivered. */
  expire(nowMs: number): void {
    if (nowMs - this.#heldSince < reorderLimits.waitMs) return;
    while (this.#held.size > 0) this.#skip();
  }

  #hold(sequence: number, data: Buffer, nowMs: number): void {
    if (this.#held.size === 0) this.#heldSince = nowMs;
    this.#held.set(sequence, data);
    if (this.#held.size > reorderLimits.packets) this.#skip();
  }

  /** On to the first of those held, and all that follow it without a gap. */
  #skip(): void {
    const next = this.#next ?? 0;
    let nearest = 0xffff;
    for (const sequence of this.#held.keys()) nearest = Math.min(nearest, (sequence - next) & 0xffff);
    this.#next = (next + nearest) & 0xffff;
    this.#drain();
  }

  #drain(): void {
    for (;;) {
      const data = this.#held.get(this.#next ?? 0);
      if (!data) return;
      this.#held.delete(this.#next ?? 0);
      this.#give(data);
    }
  }

  #give(data: Buffer): void {
    this.#next = ((this.#next ?? 0) + 1) & 0xffff;
    this.#deliver(data);
  }
}
