import { Timeline } from '../flv/timeline.ts';
import type { AccessUnit } from '../rtp/nal.ts';

/** A picture with its place on a timeline that always rises, whatever the camera's clock does. */
export interface TimedUnit {
  readonly unit: AccessUnit;
  readonly shownMs: number;
}

/** Of a longer group the decoder waits for the next key picture. */
const maxBytes = 4 * 1024 * 1024;

/** The pictures since the last key picture: what a decoder that is started now has to see first. */
export class PictureGroup {
  readonly #timeline = new Timeline();
  #units: TimedUnit[] = [];
  #bytes = 0;
  #latestMs = 0;

  /** Empty until a key picture came, and when the group became too large. */
  get units(): readonly TimedUnit[] {
    return this.#units;
  }

  /** When the newest picture is shown. */
  get latestMs(): number {
    return this.#latestMs;
  }

  /** Measured, pictures a second. */
  get fps(): number {
    return 1_000 / this.#timeline.intervalMs;
  }

  /** Takes the next picture as it arrived; `now` is a monotonic clock's, milliseconds. */
  add(unit: AccessUnit, now: number): TimedUnit {
    if (unit.afterLoss) this.#timeline.restart();
    const { decodeMs, offsetMs } = this.#timeline.next(unit.timestamp, now);
    const timed = { unit, shownMs: Math.max(0, decodeMs + offsetMs) };
    this.#latestMs = Math.max(this.#latestMs, timed.shownMs);
    this.#keep(timed);
    return timed;
  }

  clear(): void {
    this.#units = [];
    this.#bytes = 0;
  }

  #keep(timed: TimedUnit): void {
    if (timed.unit.key) this.clear();
    else if (this.#units.length === 0) return;
    this.#bytes += timed.unit.nals.reduce((sum, nal) => sum + nal.length, 0);
    if (this.#bytes > maxBytes) this.clear();
    else this.#units.push(timed);
  }
}
