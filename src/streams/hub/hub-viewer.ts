import type { FlvPicture } from '../flv/flv-muxer.ts';
import { ViewerQueue } from './viewer-queue.ts';

export type ViewerEnd = 'left' | 'blocked' | 'revoked' | 'closed';

/** Where a viewer's bytes go: an HTTP answer or a WebSocket. */
export interface ViewerSink {
  /** Hands bytes on; false when no more should come before `HubViewer.drained()`. */
  write(data: Buffer): boolean;
  /** The stream is over for this viewer. */
  end(reason: ViewerEnd): void;
}

const blockedLimitMs = 10_000;

/** One viewer of a hub: pulls from its own bounded queue at its own pace; the hub never waits for it. */
export class HubViewer {
  readonly #sink: ViewerSink;
  readonly #queue = new ViewerQueue();
  readonly #onEnd: (viewer: HubViewer, reason: ViewerEnd) => void;
  #preamble: Buffer | undefined;
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

  /** File header and metadata go out once, ahead of the first picture. */
  begin(preamble: Buffer): void {
    if (this.#preamble) return;
    this.#preamble = preamble;
    this.#write(preamble, performance.now());
  }

  get begun(): boolean {
    return this.#preamble !== undefined;
  }

  offer(picture: FlvPicture, now: number): void {
    if (this.#ended) return;
    this.#queue.push(picture, now);
    if (this.#blockedSince === undefined) this.#pump(now);
    else if (now - this.#blockedSince > blockedLimitMs) this.close('blocked');
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

  #pump(now: number): void {
    while (this.#blockedSince === undefined && !this.#ended) {
      const data = this.#queue.shift();
      if (!data) return;
      this.#write(data, now);
    }
  }

  #write(data: Buffer, now: number): void {
    if (!this.#sink.write(data)) this.#blockedSince = now;
  }
}
