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
  #pausedAt: number | undefined;

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

  /** How long the oldest waits, pauses left out; 0 when none does. */
  oldestMs(now: number): number {
    const [oldest] = this.#waiting;
    return oldest === undefined ? 0 : (this.#pausedAt ?? now) - oldest.sinceMs;
  }

  /** No more are given for now: a decoder that puts pictures in order rightly holds some of them back so long. */
  pause(now: number): void {
    this.#pausedAt ??= now;
  }

  resume(now: number): void {
    const pausedMs = now - (this.#pausedAt ?? now);
    this.#pausedAt = undefined;
    this.#waiting = this.#waiting.map((picture) => ({ ...picture, sinceMs: picture.sinceMs + pausedMs }));
  }
}
