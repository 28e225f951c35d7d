import { secondsAhead } from './edge-chaser.ts';
import { type Moving, openSource, transcodersBusy } from './open-source.ts';
import { nextPicture, type Picture, pictureAgeMs, remedyFor } from './picture-lag.ts';
import type { PlayerMemory } from './player-memory.ts';
import { type Failure, type Source, verdictOn } from './source.ts';
import { nextTile, type TileEvent, type TileState } from './tile-state.ts';

export interface LivePlayerOptions {
  readonly memory: PlayerMemory;
  readonly camera: string;
  /** The best way that has not failed, as things stand now. */
  readonly source: (failed: ReadonlySet<Failure>) => Source;
  /** False when the server has no pictures either: a new session would not help. */
  readonly cameraLive: () => boolean;
  readonly onState: (state: TileState) => void;
  readonly onPicture: (picture: Picture) => void;
}

/** A session without any frame for this long is dialled again. */
const silentMs = 30_000;
/** WebRTC connects within this, or the network does not let it. */
const connectMs = 3_000;
/** A remedy is given this long to help. */
const remedyMs = 5_000;
/** So far before the end of what has been received a jump lands. */
const edgeSeconds = 0.3;
/** Stills are shown this long before a transcoder is asked for again. */
const busyMs = 31_000;

/** Keeps one camera playing in a `<video>` until closed: asks for a ticket, plays, waits, tries again, or another way. */
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

  /** Another way is wanted now: with sound, or without. */
  reopen(): void {
    this.#endSession();
    clearTimeout(this.#retry);
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
    const { camera, memory, source: choose } = this.#options;
    const source = choose(memory.failed(camera));
    if (source.kind === 'stills') return this.#showStills();
    this.#apply({ type: 'dial' });
    const session = this.#begin(source);
    try {
      const ticket = await memory.tickets.take(camera);
      const video = session.over() ? undefined : this.#video;
      const stop = video && (await openSource(video, source, { camera, ticket, onEnd: session.end }));
      if (session.over()) stop?.();
      else this.#stop = stop;
    } catch (error) {
      session.end(error instanceof Error ? error.message : 'failed');
    }
  }

  /** What belongs to one attempt alone: its end is told once, and a late one tells nothing. */
  #begin(source: Moving): { end: (cause: string) => void; over: () => boolean } {
    let over = false;
    const isOver = () => over || this.#state.phase === 'closed';
    const end = (cause: string) => {
      if (isOver()) return;
      over = true;
      void this.#ended(source, cause);
    };
    this.#endSessionWith?.('superseded');
    this.#picture = undefined;
    this.#endSessionWith = end;
    this.#silence = setTimeout(() => end('timeout'), source.kind === 'whep' ? connectMs : silentMs);
    return { end, over: isOver };
  }

  /** A way that does not work here is not tried again; the next one is, at once. */
  async #ended(source: Moving, cause: string): Promise<void> {
    if (cause === 'superseded') return;
    this.#endSession();
    if (await this.#givesUp(source, cause)) void this.#session();
    else this.#lost(cause);
  }

  async #givesUp(source: Moving, cause: string): Promise<boolean> {
    const { camera, memory } = this.#options;
    const verdict = verdictOn(source, cause, this.#picture !== undefined);
    if (verdict === undefined || (verdict === 'ask' && !(await this.#busy()))) return false;
    if (verdict === 'unconnected') memory.noteUnconnected();
    else memory.note(verdict === 'ask' ? 'h264-busy' : verdict, camera);
    return true;
  }

  async #busy(): Promise<boolean> {
    const { camera, memory } = this.#options;
    const ticket = await memory.tickets.take(camera).catch(() => undefined);
    return ticket !== undefined && (await transcodersBusy(camera, ticket));
  }

  #showStills(): void {
    this.#apply({ type: 'unplayable' });
    this.#retryIn(busyMs);
  }

  #lost(cause: string): void {
    this.#apply({ type: 'lost', at: Date.now(), random: Math.random(), cause });
    if (this.#state.phase === 'waiting') this.#retryIn(this.#state.retryAt - Date.now());
    else if (this.#state.phase === 'stills') this.#retryIn(busyMs);
  }

  #retryIn(ms: number): void {
    clearTimeout(this.#retry);
    if (this.#state.phase !== 'closed') this.#retry = setTimeout(() => void this.#session(), ms);
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
      if (this.#state.phase === 'opening' || this.#state.phase === 'stills') this.#apply({ type: 'frame' });
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
