import { setTimeout as sleep } from 'node:timers/promises';
import { CrashBreaker } from '../../shared/crash-breaker.ts';
import type { Log } from '../../shared/log.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import { DecoderChild } from './decoder-child.ts';
import { LatestSlot } from './latest-slot.ts';
import type { RgbPicture } from './ppm-reader.ts';

/** A decoded picture for a detector: RGB, at most 1280 wide. `at` is when it arrived, to a few tens of milliseconds. */
export interface SampledFrame extends RgbPicture {
  readonly camera: string;
  readonly at: Date;
}

export interface SamplerOptions {
  readonly camera: string;
  readonly ffmpegPath: string;
  readonly everyMs: number;
  /** Calls back with every picture until the returned function is called. */
  readonly feed: (take: (arrived: ArrivedUnit) => void) => () => void;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Samples one camera until the signal aborts: one ffmpeg, started with the first picture, restarted with a growing delay
 * when it dies; after more than 5 deaths in a minute it is left alone for a minute (T18). The latest frame wins.
 */
export async function* sampleFrames(options: SamplerOptions): AsyncGenerator<SampledFrame, void, undefined> {
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const slot = new LatestSlot<SampledFrame>();
  const supervised = supervise({ ...options, signal }, slot);
  try {
    for (let frame = await slot.take(signal); frame; frame = await slot.take(signal)) yield frame;
  } finally {
    ending.abort();
    await supervised;
  }
}

async function supervise(options: SamplerOptions, slot: LatestSlot<SampledFrame>): Promise<void> {
  const { signal, camera, log } = options;
  const breaker = new CrashBreaker();
  while (!signal.aborted) {
    const error = await runOnce(options, slot);
    if (signal.aborted || !error) continue;
    const { open, delayMs } = breaker.crashed(performance.now());
    if (open) log.error({ camera, err: error }, 'frame sampler: circuit open');
    else log.warn({ camera, err: error }, 'frame sampler: decoder restarts');
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }
}

/** One process from its first picture to its end; undefined when it was ended because the codec changed. */
async function runOnce(options: SamplerOptions, slot: LatestSlot<SampledFrame>): Promise<Error | undefined> {
  const { camera, everyMs, ffmpegPath, feed, signal } = options;
  const changed = Promise.withResolvers<undefined>();
  const started = Promise.withResolvers<DecoderChild | undefined>();
  signal.addEventListener('abort', () => started.resolve(undefined), { once: true });
  if (signal.aborted) return undefined;
  const onPicture = (picture: RgbPicture) => slot.put({ camera, at: new Date(), ...picture });
  let child: DecoderChild | undefined;
  const stopFeed = feed((arrived) => {
    const { codec, key } = arrived.unit;
    if (!child && key) {
      child = new DecoderChild({ ffmpegPath, codec, everyMs, onPicture });
      started.resolve(child);
    }
    if (child && child.codec !== codec) changed.resolve(undefined);
    child?.push(arrived);
  });
  try {
    const running = await started.promise;
    const aborted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    return running && (await Promise.race([running.ended, changed.promise, aborted]));
  } finally {
    stopFeed();
    await child?.close();
  }
}
