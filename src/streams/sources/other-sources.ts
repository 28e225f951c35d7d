import { AddressPolicy } from '../../shared/address-policy.ts';
import { CrashBreaker } from '../../shared/crash-breaker.ts';
import type { Log } from '../../shared/log.ts';
import type { RunSession } from '../camera/camera-relay.ts';
import type { SessionEvents } from '../camera/camera-session.ts';
import type { WatchLimits } from '../camera/picture-watch.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import type { RtmpConfig } from '../rtmp/rtmp-config.ts';
import { RtmpIntake } from '../rtmp/rtmp-intake.ts';
import { StreamFailure } from '../stream-failure.ts';
import { FfmpegInputs, type FfmpegSource } from './ffmpeg-inputs.ts';
import { type FfmpegPlan, firstPlan, nextPlan } from './ffmpeg-plan.ts';
import { type FfmpegEnd, type FfmpegRunOptions, runFfmpeg } from './ffmpeg-session.ts';
import { PictureFlow } from './picture-flow.ts';
import { runPushSession } from './push-session.ts';
import { parseOtherSource } from './source-url.ts';
import type { SourcesConfig } from './sources-config.ts';

export interface OtherSourcesOptions {
  readonly cameras: readonly CameraConfig[];
  readonly rtmp: RtmpConfig;
  readonly sources: SourcesConfig;
  readonly ffmpegPath: string;
  readonly log: Log;
  readonly limits?: WatchLimits;
}

/** What is remembered of a source from one attempt to the next. */
interface KnownSource {
  readonly breaker: CrashBreaker;
  plan: FfmpegPlan;
  /** Not tried again before then (a monotonic clock's milliseconds): it failed too often. */
  restsUntil: number;
}

/** Every source that is not RTSP: pushes of RTMP, footage, and what ffmpeg reads. */
export class OtherSources {
  readonly intake: RtmpIntake;
  readonly #options: OtherSourcesOptions;
  readonly #inputs: FfmpegInputs;
  readonly #known = new Map<string, KnownSource>();

  constructor(options: OtherSourcesOptions) {
    this.#options = options;
    this.intake = new RtmpIntake({ ...options.rtmp, log: options.log });
    this.#inputs = new FfmpegInputs(new AddressPolicy(options.sources.allow));
    this.configure(options.cameras);
  }

  /** Returns at once; nothing listens for pushes unless a camera has `source: rtmp`. */
  start(): void {
    this.intake.start();
  }

  /** From now on these are the cameras. */
  configure(cameras: readonly CameraConfig[]): void {
    const pushed = cameras.filter(({ source }) => source === 'rtmp');
    this.intake.allow(pushed.map(({ id, publishKey = '' }) => ({ camera: id, key: publishKey })));
    const sources = new Set(
      cameras.flatMap((camera) => [keyOf(camera), keyOf({ ...camera, source: camera.substream ?? '' })]),
    );
    for (const key of this.#known.keys()) if (!sources.has(key)) this.#known.delete(key);
  }

  /** One attempt at a camera's source; undefined for one that RTSP plays. */
  sessionOf(config: CameraConfig): RunSession | undefined {
    const source = parseOtherSource(config.source);
    if (!source) return undefined;
    const { limits } = this.#options;
    if (source.kind !== 'push') return (events, signal) => this.#play(config, source, { events, signal });
    const listen = this.intake.listen.bind(this.intake);
    return (events, signal) => runPushSession({ camera: config.id, listen, events, signal, ...(limits && { limits }) });
  }

  /** Safe to call twice; no process and no connection is left. */
  async close(): Promise<void> {
    await this.intake.close();
    await this.#inputs.close();
  }

  async #play(
    config: CameraConfig,
    source: FfmpegSource,
    { events, signal }: { readonly events: SessionEvents; readonly signal: AbortSignal },
  ): Promise<void> {
    const known = this.#knownOf(config);
    if (performance.now() < known.restsUntil) throw tooOften();
    const way = await this.#inputs.open(source, config);
    const flow = new PictureFlow(events, this.#options.limits);
    try {
      const end = await this.#run(known, { flow, signal, input: way.input });
      if (end) throw way.failure ?? end.failure;
    } catch (error) {
      this.#count(config, known);
      throw error;
    } finally {
      flow.close();
      way.close();
    }
  }

  /** Tries the ways ffmpeg may hand it on until one gives pictures; the one that did is tried first next time. */
  async #run(
    known: KnownSource,
    run: Pick<FfmpegRunOptions, 'flow' | 'signal' | 'input'>,
  ): Promise<FfmpegEnd | undefined> {
    const { ffmpegPath } = this.#options;
    for (;;) {
      const end = await runFfmpeg({ ...run, ffmpegPath, plan: known.plan });
      const next = end && run.flow.pictures === 0 ? nextPlan(known.plan, end.complaint) : undefined;
      if (!next) return end;
      known.plan = next;
    }
  }

  #knownOf(config: CameraConfig): KnownSource {
    const key = keyOf(config);
    const known = this.#known.get(key) ?? { breaker: new CrashBreaker(), plan: firstPlan, restsUntil: 0 };
    this.#known.set(key, known);
    return known;
  }

  #count({ id }: CameraConfig, known: KnownSource): void {
    const now = performance.now();
    const { open, delayMs } = known.breaker.crashed(now);
    if (!open) return;
    known.restsUntil = now + delayMs;
    this.#options.log.warn(
      { camera: id, restMs: delayMs },
      'ffmpeg of a camera ends again and again; it rests a minute',
    );
  }
}

const keyOf = ({ id, source }: Pick<CameraConfig, 'id' | 'source'>) => `${id} ${source}`;

function tooOften(): StreamFailure {
  return new StreamFailure(
    'lost',
    'The source ended more than 5 times within a minute; it is tried again in a minute.',
  );
}
