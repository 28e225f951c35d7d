import { setTimeout as sleep } from 'node:timers/promises';
import { retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import type { CameraFrame } from './model.ts';

/** Frames of one camera until the signal aborts, the newest wins. */
export type FrameSource = (
  camera: string,
  options: { readonly everyMs: number; readonly signal: AbortSignal },
) => AsyncIterable<CameraFrame>;

export interface FrameLoopOptions {
  readonly camera: string;
  readonly everyMs: number;
  readonly frames: FrameSource;
  /** Returns at once. */
  readonly take: (frame: CameraFrame) => void;
  readonly log: Log;
}

const backoff = { baseMs: 1_000, maxMs: 30_000 };
/** Whoever gave pictures for so long was connected, and is dialled again soon. */
const settledMs = 30_000;

/** Asks for a camera's pictures until closed, again whenever they end. */
export class FrameLoop {
  readonly #options: FrameLoopOptions;
  readonly #closing = new AbortController();
  #everyMs: number;
  #session = new AbortController();
  #done: Promise<void> | undefined;

  constructor(options: FrameLoopOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs;
  }

  start(): void {
    this.#done ??= this.#run(this.#closing.signal);
  }

  /** From now on a picture this often. */
  pace(everyMs: number): void {
    if (everyMs === this.#everyMs) return;
    this.#everyMs = everyMs;
    this.#session.abort();
  }

  /** Safe to call twice; once it resolves, no picture is taken any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const began = performance.now();
      this.#session = new AbortController();
      const asked = this.#session.signal;
      await this.#take(AbortSignal.any([signal, asked]));
      if (asked.aborted || performance.now() - began > settledMs) attempt = 0;
      const waitMs = asked.aborted ? 0 : Math.max(200, retryDelayMs(backoff, attempt));
      if (!signal.aborted) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    const { camera, frames, take, log } = this.#options;
    try {
      for await (const frame of frames(camera, { everyMs: this.#everyMs, signal })) {
        if (signal.aborted) return;
        take(frame);
      }
    } catch (err) {
      if (!signal.aborted) log.warn({ camera, err }, 'watched camera lost');
    }
  }
}
