import type { AccessUnit } from '../rtp/nal.ts';
import type { TimedUnit } from './picture-group.ts';

interface Underway extends TimedUnit {
  /** A monotonic clock's, milliseconds. */
  readonly sinceMs: number;
}

/** More than any decoder holds back; the oldest gives way. */
const most = 256;

/** The pictures a transcoder was given and has not answered yet. */
export class PicturesUnderway {
  #waiting: Underway[] = [];

  add(picture: TimedUnit, now: number): void {
    this.#waiting.push({ ...picture, sinceMs: now });
    if (this.#waiting.length > most) this.#waiting.shift();
  }

  /**
   * The picture that is shown at this time. Answers come in the order of showing, so those shown before will have none: the
   * decoder could not make them.
   */
  answer(shownMs: number): { readonly source: AccessUnit; readonly sinceMs: number } | undefined {
    const found = this.#waiting.find((picture) => picture.shownMs === shownMs);
    this.#waiting = this.#waiting.filter((picture) => picture.shownMs > shownMs);
    return found && { source: found.unit, sinceMs: found.sinceMs };
  }

  /** How long the oldest waits; 0 when none does. */
  oldestMs(now: number): number {
    const [oldest] = this.#waiting;
    return oldest === undefined ? 0 : now - oldest.sinceMs;
  }
}
