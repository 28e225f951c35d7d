import type { AccessUnit } from '../rtp/nal.ts';

export interface WatchLimits {
  /** No packet for so long: what is shown is old. */
  readonly silentMs: number;
  /** Packets, but no picture that can be decoded. */
  readonly keylessMs: number;
  /** The very same picture for so long: the encoder hangs. */
  readonly frozenMs: number;
  /** Silent for so long: the connection is given up. */
  readonly deadMs: number;
}

/** It is looked at twice a second: what is promised within 10 s and 30 s (T17) is due half a second before. */
export const watchLimits: WatchLimits = { silentMs: 9_500, keylessMs: 10_000, frozenMs: 29_500, deadMs: 20_000 };

export type Verdict = 'starting' | 'fresh' | 'no_packets' | 'no_keyframe' | 'frozen' | 'dead';

/** Watches what comes from a camera and says whether it is a live picture (T17). Times are a monotonic clock's, ms. */
export class PictureWatch {
  readonly #limits: WatchLimits;
  #packetAt: number;
  #pictureAt: number | undefined;
  #changedAt: number;
  #startedAt: number | undefined;
  #last: AccessUnit | undefined;

  constructor(now: number, limits: WatchLimits = watchLimits) {
    this.#limits = limits;
    this.#packetAt = now;
    this.#changedAt = now;
  }

  /** Something came. The first time it says since when a picture may be expected: the way there took what it took. */
  packet(now: number): void {
    this.#startedAt ??= now;
    this.#packetAt = now;
  }

  picture(unit: AccessUnit, now: number): void {
    if (!this.#last || !samePicture(this.#last, unit)) this.#changedAt = now;
    this.#last = unit;
    this.#pictureAt = now;
  }

  verdict(now: number): Verdict {
    const { silentMs, keylessMs, frozenMs, deadMs } = this.#limits;
    const silent = now - this.#packetAt;
    if (silent >= deadMs) return 'dead';
    if (silent >= silentMs) return 'no_packets';
    if (now - (this.#pictureAt ?? this.#startedAt ?? now) >= keylessMs) return 'no_keyframe';
    if (this.#pictureAt === undefined) return 'starting';
    return now - this.#changedAt >= frozenMs ? 'frozen' : 'fresh';
  }
}

/** An encoder that lives never sends the same bytes twice: the frame number in each slice header counts on. */
export function samePicture(a: AccessUnit, b: AccessUnit): boolean {
  return a.nals.length === b.nals.length && a.nals.every((nal, index) => b.nals[index]?.equals(nal));
}
