import type { GroupItem } from './group-cache.ts';
import { type QueuedPicture, type QueuedSound, type ViewerPiece, ViewerQueue } from './viewer-queue.ts';

export type ViewerEnd = 'left' | 'blocked' | 'revoked' | 'closed';

/** Where a viewer's bytes go: an HTTP answer or a WebSocket. */
export interface ViewerSink {
  /**
   * Hands bytes on; false when no more should come before `HubViewer.drained()`. `message`, when there is one, is the same
   * as a binary WebSocket message, made once for all viewers; neither is ever written to again.
   */
  write(data: Buffer, message?: Buffer): boolean;
  /** Whether it is done with the memory of all it was handed; one that cannot say may look at it for ever. */
  done?(): boolean;
  /** The stream is over for this viewer. */
  end(reason: ViewerEnd): void;
}

const blockedLimitMs = 10_000;

/** One viewer of a hub: pulls from its own bounded queue at its own pace; the hub never waits for it. */
export class HubViewer {
  readonly #sink: ViewerSink;
  readonly #queue = new ViewerQueue();
  readonly #onEnd: (viewer: HubViewer, reason: ViewerEnd) => void;
  #begun: 'no' | 'seeing' | 'hearing' = 'no';
  #blockedSince: number | undefined;
  #ended: ViewerEnd | undefined;

  constructor(sink: ViewerSink, onEnd: (viewer: HubViewer, reason: ViewerEnd) => void) {
    this.#sink = sink;
    this.#onEnd = onEnd;
  }

  /** Pictures left out because this viewer is too slow. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  /** Why it ended; undefined while it lasts. */
  get ended(): ViewerEnd | undefined {
    return this.#ended;
  }

  /** Whether nothing of what it was offered is needed any more. */
  get idle(): boolean {
    return this.#queue.empty && this.#sink.done?.() === true;
  }

  /** File header and metadata go out once, ahead of the first picture; with the sequence header of the sound when they announce it. */
  begin(preamble: Buffer, soundHeader?: Buffer): void {
    if (this.begun) return;
    const now = performance.now();
    this.#begun = soundHeader ? 'hearing' : 'seeing';
    this.#write({ data: preamble }, now);
    if (!soundHeader) return;
    this.#queue.promise(soundHeader, now);
    this.#proceed(now);
  }

  get begun(): boolean {
    return this.#begun !== 'no';
  }

  /** Whether it gets sound. */
  get hearing(): boolean {
    return this.#begun === 'hearing';
  }

  offer(picture: QueuedPicture, now: number): void {
    if (this.#ended) return;
    this.#queue.push(picture, now);
    this.#proceed(now);
  }

  /** Of no effect on a viewer that was promised no sound: its player would not know what to do with it. */
  offerSound(sound: QueuedSound, now: number): void {
    if (this.#ended || !this.hearing) return;
    this.#queue.pushSound(sound, now);
    this.#proceed(now);
  }

  /** All that was kept since the last key picture, for one who just came: however much, it is not dropped for its size. */
  catchUp(group: readonly GroupItem[], now: number): void {
    for (const { picture, sound } of group) {
      this.#queue.push(picture, now, true);
      if (this.hearing) for (const tag of sound) this.#queue.pushSound(tag, now, true);
    }
    this.#proceed(now);
  }

  /** The sink takes more. */
  drained(): void {
    this.#blockedSince = undefined;
    this.#pump(performance.now());
  }

  /** Safe to call twice. */
  close(reason: ViewerEnd): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#sink.end(reason);
    this.#onEnd(this, reason);
  }

  #proceed(now: number): void {
    if (this.#blockedSince === undefined) this.#pump(now);
    else if (now - this.#blockedSince > blockedLimitMs) this.close('blocked');
  }

  #pump(now: number): void {
    while (this.#blockedSince === undefined && !this.#ended) {
      const piece = this.#queue.shift();
      if (!piece) return;
      this.#write(piece, now);
    }
  }

  #write({ data, message }: ViewerPiece, now: number): void {
    if (!this.#sink.write(data, message)) this.#blockedSince = now;
  }
}
