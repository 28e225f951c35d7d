import { setTimeout as sleep } from 'node:timers/promises';
import { CrashBreaker } from '../../shared/crash-breaker.ts';
import type { Log } from '../../shared/log.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import { nextCadence, unknownCadence } from './cadence.ts';
import { ChildPipe } from './child-pipe.ts';
import { DecoderChild } from './decoder-child.ts';
import type { Hardware, HardwareDecoding } from './hardware-decoding.ts';
import { LatestSlot } from './latest-slot.ts';
import { PictureMemory } from './picture-memory.ts';
import type { YuvPicture } from './yuv-reader.ts';

/** A decoded picture for a detector, at most 1280 wide. `at` is when it arrived, to a few tens of milliseconds. */
export interface SampledFrame extends YuvPicture {
  readonly camera: string;
  readonly at: Date;
  /** To be called with the pixels once nobody reads them any more, if ever: the next picture lies in their memory. */
  readonly release: (yuv: YuvPicture['yuv']) => void;
}

export interface SamplerOptions {
  readonly camera: string;
  readonly ffmpegPath: string;
  readonly everyMs: number;
  readonly decoding: HardwareDecoding;
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
  const memory = new PictureMemory();
  const supervised = supervise({ ...options, signal, memory }, slot);
  try {
    for (let frame = await slot.take(signal); frame; frame = await slot.take(signal)) yield frame;
  } finally {
    ending.abort();
    await supervised;
  }
}

type Supervised = SamplerOptions & { readonly memory: PictureMemory };

async function supervise(options: Supervised, slot: LatestSlot<SampledFrame>): Promise<void> {
  const { signal, camera, log, decoding } = options;
  const breaker = new CrashBreaker();
  while (!signal.aborted) {
    const hardware = await decoding.of(camera);
    const { error, hasShown } = await runOnce({ ...options, hardware }, slot);
    if (signal.aborted || !error) continue;
    if (hardware && !hasShown) {
      decoding.refuse(camera, error);
      continue;
    }
    const { open, delayMs } = breaker.crashed(performance.now());
    if (open) log.error({ camera, err: error }, 'frame sampler: circuit open');
    else log.warn({ camera, err: error }, 'frame sampler: decoder restarts');
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }
}

interface Run {
  /** Undefined when it was ended because the codec changed. */
  readonly error: Error | undefined;
  readonly hasShown: boolean;
}

/** One process from its first picture to its end. */
async function runOnce(
  options: Supervised & { readonly hardware: Hardware | undefined },
  slot: LatestSlot<SampledFrame>,
): Promise<Run> {
  const { camera, everyMs, ffmpegPath, feed, signal, hardware, memory } = options;
  const { giveBack: release } = memory;
  const changed = Promise.withResolvers<undefined>();
  const started = Promise.withResolvers<DecoderChild | undefined>();
  signal.addEventListener('abort', () => started.resolve(undefined), { once: true });
  if (signal.aborted) return { error: undefined, hasShown: false };
  const pipe = await ChildPipe.open();
  const onPicture = (picture: YuvPicture) => slot.put({ camera, at: new Date(), release, ...picture });
  let child: DecoderChild | undefined;
  let cadence = unknownCadence;
  const stopFeed = feed((arrived) => {
    const { codec, key } = arrived.unit;
    if (!child && key) {
      child = new DecoderChild({ ffmpegPath, codec, everyMs, hardware, onPicture, memory, pipe });
      started.resolve(child);
    }
    if (child && child.codec !== codec) changed.resolve(undefined);
    cadence = nextCadence(cadence, arrived, everyMs);
    if (key || !cadence.keysOnly) child?.push(arrived);
  });
  try {
    const running = await started.promise;
    const aborted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const error = running && (await Promise.race([running.ended, changed.promise, aborted]));
    return { error, hasShown: running?.hasShown ?? false };
  } finally {
    stopFeed();
    pipe?.close();
    await child?.close();
  }
}
