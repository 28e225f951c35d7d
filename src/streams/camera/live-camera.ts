import { EventEmitter } from 'node:events';
import type { Log } from '../../shared/log.ts';
import { playsOtherwise } from '../cameras/camera-plan.ts';
import { type CameraStatus, cameraStatus, type StatusFacts } from '../cameras/camera-status.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import { H264Stream, type TranscodeFacts } from '../transcode/h264-stream.ts';
import type { TranscoderSlots } from '../transcode/transcoder-slots.ts';
import type { RunSession } from './camera-relay.ts';
import { CameraStream } from './camera-stream.ts';
import { combinedState, type Profile } from './combined-state.ts';
import type { DialGate } from './dial-gate.ts';

export interface LiveCameraOptions {
  readonly config: CameraConfig;
  /** How a camera's `source` is played, once. */
  readonly sessionOf: (config: CameraConfig) => RunSession;
  readonly gate: DialGate;
  readonly slots: TranscoderSlots;
  readonly ffmpegPath: string;
  readonly log: Log;
  /** How long a stream stays connected after the last one who wanted it, milliseconds. */
  readonly lingerMs?: number | undefined;
}

interface LiveCameraEvents {
  state: [CameraStatus];
  /** One of its streams is live no more: its last key picture. */
  dark: [ArrivedUnit];
}

/** A stream as the camera sends it, and as H.264 for whoever knows nothing else. */
interface LiveProfile {
  readonly stream: CameraStream;
  readonly h264: H264Stream;
}

/** One camera with its streams, each connected on its own and only while somebody wants it. */
export class LiveCamera extends EventEmitter<LiveCameraEvents> {
  readonly #options: LiveCameraOptions;
  readonly #main: LiveProfile;
  #config: CameraConfig;
  #sub: LiveProfile | undefined;

  constructor(options: LiveCameraOptions) {
    super();
    this.#options = options;
    this.#config = options.config;
    this.#main = this.#newProfile('main');
    this.#sub = this.#config.substream === undefined ? undefined : this.#newProfile('sub');
  }

  get config(): CameraConfig {
    return this.#config;
  }

  get main(): CameraStream {
    return this.#main.stream;
  }

  get status(): CameraStatus {
    return cameraStatus(this.#config, combinedFacts(profileFacts(this.#main), this.#sub && profileFacts(this.#sub)));
  }

  /**
   * The same camera in other words. What plays otherwise than before is dialled anew while its viewers wait; viewers of a
   * substream that is no more are ended. Resolves when nothing is left of that.
   */
  async configure(config: CameraConfig): Promise<void> {
    const before = this.#config;
    const lost = config.substream === undefined ? this.#sub : undefined;
    this.#config = config;
    if (lost) this.#sub = undefined;
    if (playsOtherwise({ ...before, substream: '' }, { ...config, substream: '' })) this.#main.stream.redial();
    if (this.#sub && playsOtherwise(before, config)) this.#sub.stream.redial();
    if (config.substream !== undefined) this.#sub ??= this.#newProfile('sub');
    this.emit('state', this.status);
    if (lost) await closeProfile(lost);
  }

  /** The stream of a profile; a camera that has but one shows that one. */
  stream(profile: Profile = 'main'): CameraStream {
    return this.#profile(profile).stream;
  }

  /** The same as H.264. */
  h264(profile: Profile = 'main'): H264Stream {
    return this.#profile(profile).h264;
  }

  /** Where a still picture is had with the least effort: the stream that is live, the main one when none or both are. */
  get stillSource(): CameraStream {
    const sub = this.#sub?.stream;
    return sub?.live && !this.main.live ? sub : this.main;
  }

  /** How the streams in H.264 are doing. */
  get converted(): ({ readonly profile: Profile } & TranscodeFacts)[] {
    const main = { profile: 'main' as const, ...this.#main.h264.facts };
    return this.#sub ? [main, { profile: 'sub' as const, ...this.#sub.h264.facts }] : [main];
  }

  /** Safe to call twice; viewers are ended, no connection and no process is left. */
  async close(): Promise<void> {
    await Promise.all([this.#main, this.#sub].map((profile) => profile && closeProfile(profile)));
  }

  #profile(profile: Profile): LiveProfile {
    return profile === 'sub' ? (this.#sub ?? this.#main) : this.#main;
  }

  #newProfile(profile: Profile): LiveProfile {
    const { sessionOf, gate, slots, ffmpegPath, lingerMs } = this.#options;
    // As it is configured when it is dialled, not when it was first heard of.
    const runSession: RunSession = (events, signal) => sessionOf(ofProfile(this.#config, profile))(events, signal);
    const log = this.#options.log.child({ camera: this.#config.id, profile });
    const stream = new CameraStream({ runSession, gate, ffmpegPath, log, ...(lingerMs !== undefined && { lingerMs }) });
    const h264 = new H264Stream({ source: stream, slots, ffmpegPath, log, lingerMs });
    stream.on('dark', (key) => this.emit('dark', key));
    stream.on('changed', () => this.emit('state', this.status));
    h264.on('changed', () => this.emit('state', this.status));
    return { stream, h264 };
  }
}

async function closeProfile({ stream, h264 }: LiveProfile): Promise<void> {
  await Promise.all([h264.close(), stream.close()]);
}

function profileFacts({ stream, h264 }: LiveProfile): StatusFacts {
  const { viewers, ...facts } = stream.facts;
  return { ...facts, viewers: viewers + h264.viewers };
}

function ofProfile(config: CameraConfig, profile: Profile): CameraConfig {
  return profile === 'sub' ? { ...config, source: config.substream ?? config.source } : config;
}

/** What both streams say of the camera together: viewers are added up, the newer picture is the last one. */
function combinedFacts(main: StatusFacts, sub: StatusFacts | undefined): StatusFacts {
  if (!sub) return main;
  const newest = [main.lastFrameAt, sub.lastFrameAt].filter((at) => at !== undefined);
  newest.sort((a, b) => b.getTime() - a.getTime());
  return {
    state: combinedState(main.state, sub.state),
    lastFrameAt: newest[0],
    video: main.video ?? sub.video,
    sound: main.sound ?? sub.sound,
    viewers: main.viewers + sub.viewers,
  };
}
