import type { Api } from '../api/api.ts';
import { playFlv } from './flv-session.ts';
import { nextTile, type TileEvent, type TileState } from './tile-state.ts';

export interface LivePlayerOptions {
  readonly api: Api;
  readonly camera: string;
  readonly onState: (state: TileState) => void;
  /** A new picture is on the screen. */
  readonly onFrame: () => void;
}

/** A session without any frame for this long is dialled again. */
const silentMs = 30_000;

/** Keeps one camera playing in a `<video>` until closed: asks for a ticket, plays, waits, tries again. */
export class LivePlayer {
  readonly #options: LivePlayerOptions;
  #state: TileState = { phase: 'opening', attempt: 0 };
  #video: HTMLVideoElement | undefined;
  #stop: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
  }

  start(video: HTMLVideoElement): void {
    this.#video = video;
    this.#watchFrames(video);
    void this.#session();
  }

  /** Safe to call twice; no socket, decoder or timer is left. */
  close(): void {
    this.#apply({ type: 'close' });
    this.#endSession();
    clearTimeout(this.#retry);
    this.#video = undefined;
  }

  async #session(): Promise<void> {
    this.#apply({ type: 'dial' });
    const session = this.#begin();
    try {
      const path = `/cameras/${encodeURIComponent(this.#options.camera)}/ticket`;
      const { ticket } = await this.#options.api.post<{ ticket: string }>(path);
      const stop = this.#video && (await playFlv(this.#video, this.#address(ticket), { onEnd: session.end }));
      if (session.over()) stop?.();
      else this.#stop = stop;
    } catch (error) {
      session.end(error instanceof Error ? error.message : 'failed');
    }
  }

  /** What belongs to one attempt alone: its end is told once, and a late one tells nothing. */
  #begin(): { end: (cause: string) => void; over: () => boolean } {
    let over = false;
    const end = (cause: string) => {
      if (over) return;
      over = true;
      this.#lost(cause);
    };
    this.#silence = setTimeout(() => end('timeout'), silentMs);
    return { end, over: () => over || this.#state.phase === 'closed' };
  }

  #address(ticket: string): string {
    const path = `/streams/${encodeURIComponent(this.#options.camera)}.flv?ticket=${encodeURIComponent(ticket)}`;
    return new URL(path, location.href.replace(/^http/, 'ws')).href;
  }

  #lost(cause: string): void {
    this.#endSession();
    this.#apply(
      /codec/i.test(cause) ? { type: 'unplayable' } : { type: 'lost', at: Date.now(), random: Math.random(), cause },
    );
    if (this.#state.phase === 'waiting') {
      this.#retry = setTimeout(() => void this.#session(), this.#state.retryAt - Date.now());
    }
  }

  #endSession(): void {
    clearTimeout(this.#silence);
    const stop = this.#stop;
    this.#stop = undefined;
    stop?.();
  }

  #watchFrames(video: HTMLVideoElement): void {
    const seen = () => {
      if (this.#video !== video) return;
      clearTimeout(this.#silence);
      if (this.#state.phase === 'opening') this.#apply({ type: 'frame' });
      this.#options.onFrame();
      video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
  }

  #apply(event: TileEvent): void {
    this.#state = nextTile(this.#state, event);
    this.#options.onState(this.#state);
  }
}
