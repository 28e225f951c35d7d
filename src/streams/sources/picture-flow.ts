import { type SessionEvents, stalenessMessages } from '../camera/camera-session.ts';
import { PictureWatch, type WatchLimits } from '../camera/picture-watch.ts';
import type { AudioFrame, SoundOffer } from '../rtp/audio-frame.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { StreamFailure } from '../stream-failure.ts';

const checkEveryMs = 500;

/** What one attempt shows, watched: what comes is handed on, and what does not come, or stands still, is told (T17). */
export class PictureFlow {
  readonly #events: SessionEvents;
  readonly #watch: PictureWatch;
  readonly #failure = Promise.withResolvers<never>();
  readonly #check: NodeJS.Timeout;
  #pictures = 0;
  #begun = false;

  /** Watches from now on, until `close`. */
  constructor(events: SessionEvents, limits?: WatchLimits) {
    this.#events = events;
    this.#watch = new PictureWatch(performance.now(), limits);
    this.#failure.promise.catch(() => undefined);
    this.#check = setInterval(() => this.attempt(() => this.#judge()), checkEveryMs);
  }

  /** Rejects with what ends the attempt; never resolves. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  get pictures(): number {
    return this.#pictures;
  }

  /** Something came, whatever it is. */
  heard(): void {
    this.#watch.packet(performance.now());
    if (this.#begun) return;
    this.#begun = true;
    this.#events.playing();
  }

  picture(unit: AccessUnit): void {
    this.#pictures += 1;
    this.#watch.picture(unit, performance.now());
    this.#events.picture(unit);
  }

  /** How the sound that follows is coded. */
  soundOffer(offer: SoundOffer): void {
    this.#events.soundOffer?.(offer);
  }

  sound(frame: AudioFrame): void {
    this.#events.sound?.(frame);
  }

  /** Does it, and lets what it throws end the attempt. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure.reject(error);
    }
  }

  close(): void {
    clearInterval(this.#check);
  }

  /** A camera that never showed a picture is not stale: the attempt failed. */
  #judge(): void {
    const verdict = this.#watch.verdict(performance.now());
    if (verdict === 'starting') return;
    if (verdict === 'dead') throw new StreamFailure('no_packets', stalenessMessages.no_packets);
    if (this.#pictures > 0) this.#events.verdict(verdict);
    else if (verdict !== 'fresh' && this.#begun) throw new StreamFailure(verdict, stalenessMessages[verdict]);
  }
}
