import { setTimeout as sleep } from 'node:timers/promises';
import { CrashBreaker } from '../../shared/crash-breaker.ts';
import type { Log } from '../../shared/log.ts';
import type { AudioFrame } from '../rtp/audio-frame.ts';
import { G711Child, type G711ChildOptions } from './g711-child.ts';

export interface SoundTranscoderOptions extends G711ChildOptions {
  readonly log: Log;
}

/**
 * G.711 of one camera as AAC while somebody listens: one ffmpeg, restarted with a growing delay when it dies; after more
 * than 5 deaths in a minute it is left alone for a minute (T18). Sound that comes meanwhile is not heard.
 */
export class SoundTranscoder {
  readonly #options: SoundTranscoderOptions;
  #running: AbortController | undefined;
  #child: G711Child | undefined;
  #failing = false;
  #done: Promise<void> = Promise.resolve();

  constructor(options: SoundTranscoderOptions) {
    this.#options = options;
  }

  /** Whether it died too often to be tried again at once. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Begins when it does not run yet. */
  start(): void {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    this.#done = this.#done.then(() => this.#run(running.signal));
  }

  push(frame: AudioFrame, now: number): void {
    this.#child?.push(frame, now);
  }

  /** Safe to call twice; once it resolves no process is left. It may be started again. */
  async stop(): Promise<void> {
    this.#running?.abort();
    this.#running = undefined;
    await this.#done;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const breaker = new CrashBreaker();
    const stopped = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    while (!signal.aborted) {
      const child = new G711Child(this.#options);
      this.#child = child;
      const error = await Promise.race([child.ended, stopped]);
      this.#child = undefined;
      await child.close();
      if (!error || signal.aborted) break;
      const { open, delayMs } = breaker.crashed(performance.now());
      this.#failing = open;
      if (open) this.#options.log.error({ err: error }, 'sound: circuit open');
      else this.#options.log.warn({ err: error }, 'sound: transcoder restarts');
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      this.#failing = false;
    }
  }
}
