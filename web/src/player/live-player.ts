import type { Api } from '../api/api.ts';
import { playFlv } from './flv-session.ts';
import { nextPicture, type Picture, pictureAgeMs, remedyFor } from './picture-lag.ts';
import { nextTile, type TileEvent, type TileState } from './tile-state.ts';

export interface LivePlayerOptions {
  readonly api: Api;
  readonly camera: string;
  /** False when the server has no pictures either: a new session would not help. */
  readonly cameraLive: () => boolean;
  readonly onState: (state: TileState) => void;
  readonly onPicture: (picture: Picture) => void;
}

/** A session without any frame for this long is dialled again. */
const silentMs = 30_000;
/** A remedy is given this long to help. */
const remedyMs = 5_000;
/** So far before the end of what has been received a jump lands. */
const edgeSeconds = 0.3;

/** Keeps one camera playing in a `<video>` until closed: asks for a ticket, plays, waits, tries again. */
export class LivePlayer {
  readonly #options: LivePlayerOptions;
  #state: TileState = { phase: 'opening', attempt: 0 };
  #video: HTMLVideoElement | undefined;
  #stop: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #picture: Picture | undefined;
  #looking = false;
  #patientUntil = 0;
  #endSessionWith: ((cause: string) => void) | undefined;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
  }

  start(video: HTMLVideoElement): void {
    this.#video = video;
    this.#look(video);
    void this.#session();
  }

  /** Looks at the picture that is on the screen next, and helps a session that has fallen behind. Called some times a second. */
  check(): void {
    const video = this.#video;
    if (!video) return;
    this.#look(video);
    const now = performance.now();
    if (document.hidden) this.#patientUntil = now + remedyMs;
    else if (this.#picture && this.#state.phase === 'playing' && now >= this.#patientUntil) this.#help(video, now);
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
    this.#picture = undefined;
    this.#endSessionWith = end;
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

  /** Asks for the next frame only, so that the page is not woken by every one. */
  #look(video: HTMLVideoElement): void {
    if (this.#looking) return;
    this.#looking = true;
    video.requestVideoFrameCallback((_, { mediaTime, presentationTime }) => {
      this.#looking = false;
      if (this.#video !== video) return;
      clearTimeout(this.#silence);
      if (this.#state.phase === 'opening') this.#apply({ type: 'frame' });
      const shown = { at: presentationTime, mediaMs: mediaTime * 1_000, aheadMs: secondsAhead(video) * 1_000 };
      this.#picture = nextPicture(this.#picture, shown);
      this.#options.onPicture(this.#picture);
    });
  }

  #help(video: HTMLVideoElement, now: number): void {
    const ageMs = this.#picture ? pictureAgeMs(this.#picture, now) : 0;
    const ahead = secondsAhead(video);
    const remedy = remedyFor({ ageMs, aheadMs: ahead * 1_000, cameraLive: this.#options.cameraLive() });
    if (remedy === 'none') return;
    this.#patientUntil = now + remedyMs;
    if (remedy === 'jump') video.currentTime += ahead - edgeSeconds;
    else this.#endSessionWith?.('late');
  }

  #apply(event: TileEvent): void {
    this.#state = nextTile(this.#state, event);
    this.#options.onState(this.#state);
  }
}

/** Received and not yet shown, in seconds. */
function secondsAhead({ buffered, currentTime }: HTMLVideoElement): number {
  return buffered.length > 0 ? Math.max(0, buffered.end(buffered.length - 1) - currentTime) : 0;
}
