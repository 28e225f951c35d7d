import { setTimeout as sleep } from 'node:timers/promises';
import { CrashBreaker } from '../../shared/crash-breaker.ts';
import type { Log } from '../../shared/log.ts';
import type { AccessUnit, ParameterSets } from '../rtp/nal.ts';
import { PictureGroup } from './picture-group.ts';
import { type TranscoderOutput, usualOutput } from './transcoder-arguments.ts';
import { type TranscodedPicture, TranscoderChild } from './transcoder-child.ts';

export interface TranscoderOptions {
  readonly ffmpegPath: string;
  readonly log: Log;
  readonly onPicture: (unit: AccessUnit) => void;
  readonly output?: TranscoderOutput;
}

const checkEveryMs = 1_000;
/** The first new try comes soon: people are watching. */
const backoff = { baseMs: 300, maxMs: 15_000 };

/**
 * Turns the pictures it is given into H.264 until it is closed: one ffmpeg, started with the first key picture, started anew
 * when it dies, hangs or the camera's parameter sets change; left alone for a minute after more than 5 deaths in one (T18).
 */
export class Transcoder {
  readonly #options: TranscoderOptions;
  readonly #group = new PictureGroup();
  readonly #closing = new AbortController();
  #wake = Promise.withResolvers<void>();
  #changed = Promise.withResolvers<undefined>();
  #done: Promise<void> | undefined;
  #child: TranscoderChild | undefined;
  #latencyMs: number | undefined;
  #restarts = 0;
  #dropped = 0;
  #finishing = false;

  constructor(options: TranscoderOptions) {
    this.#options = options;
  }

  /** The time it adds between a picture's arrival and its departure: the mean of the last ones, milliseconds. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  /** Processes that died or hung so far. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Pictures left out so far because the process could not follow. */
  get dropped(): number {
    return this.#dropped + (this.#child?.dropped ?? 0);
  }

  /** How long the oldest picture waits, milliseconds; without end while there is no process for it. */
  get behindMs(): number {
    if (this.#child) return this.#child.behindMs;
    return this.#group.units.length > 0 ? Number.POSITIVE_INFINITY : 0;
  }

  /** No picture will come until the returned function is called: nothing is late so long. */
  pause(): () => void {
    const child = this.#child;
    child?.pause();
    return () => child?.resume();
  }

  push(unit: AccessUnit): void {
    if (this.#closing.signal.aborted) return;
    const [before] = this.#group.units;
    const timed = this.#group.add(unit, performance.now());
    if (before && !sameSets(before.unit.parameters, unit.parameters)) this.#changed.resolve(undefined);
    else this.#child?.push(timed);
    if (unit.key) this.#wake.resolve();
    this.#done ??= this.#supervise(this.#closing.signal);
  }

  /** There are no more pictures: resolves when those under way were answered, or after a while. Close it then. */
  async finish(): Promise<void> {
    this.#finishing = true;
    await this.#child?.finish();
  }

  /** Safe to call twice; once it resolves no process and no timer is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.resolve();
    await this.#done;
    this.#group.clear();
  }

  async #supervise(signal: AbortSignal): Promise<void> {
    const breaker = new CrashBreaker(Math.random, backoff);
    const aborted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    while (!signal.aborted && !this.#finishing) {
      await this.#keyPicture();
      if (signal.aborted) return;
      const error = await this.#runOnce(aborted);
      if (!error) continue;
      this.#restarts += 1;
      const { open, delayMs } = breaker.crashed(performance.now());
      if (open) this.#options.log.error({ err: error }, 'transcoder: circuit open');
      else this.#options.log.warn({ err: error }, 'transcoder restarts');
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Until there is one to begin with. */
  async #keyPicture(): Promise<void> {
    while (this.#group.units.length === 0 && !this.#closing.signal.aborted) {
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
  }

  /** One process to its end; undefined when it was ended because it is not wanted or the parameter sets changed. */
  async #runOnce(aborted: Promise<undefined>): Promise<Error | undefined> {
    const child = this.#start();
    if (!child) return undefined;
    const check = setInterval(() => child.check(performance.now()), checkEveryMs);
    try {
      const error = await Promise.race([child.ended, this.#changed.promise, aborted]);
      return this.#finishing || this.#closing.signal.aborted ? undefined : error;
    } finally {
      clearInterval(check);
      this.#child = undefined;
      this.#dropped += child.dropped;
      await child.close();
    }
  }

  /** It begins with the last key picture but shows only what is newest: nobody waits for the next key picture. */
  #start(): TranscoderChild | undefined {
    const { units, latestMs, fps } = this.#group;
    const [first] = units;
    if (!first) return undefined;
    const { ffmpegPath, output = usualOutput } = this.#options;
    this.#changed = Promise.withResolvers();
    const onPicture = (picture: TranscodedPicture) => this.#answer(picture);
    const child = new TranscoderChild({ ffmpegPath, first, fromMs: latestMs, fps, output, onPicture });
    for (const unit of units) child.push(unit);
    this.#child = child;
    return child;
  }

  #answer({ unit, latencyMs }: TranscodedPicture): void {
    if (this.#closing.signal.aborted) return;
    if (latencyMs !== undefined) this.#latencyMs = latencyMs + ((this.#latencyMs ?? latencyMs) - latencyMs) * 0.9;
    this.#options.onPicture(unit);
  }
}

/** A camera that was connected anew sends the same ones in other buffers. */
function sameSets(a: ParameterSets, b: ParameterSets): boolean {
  const parts = ({ vps, sps, pps }: ParameterSets) => Buffer.concat([vps ?? Buffer.alloc(0), sps, ...pps]);
  return a === b || parts(a).equals(parts(b));
}
