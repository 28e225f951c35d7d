import { EventEmitter } from 'node:events';
import type { Log } from '../../shared/log.ts';
import { playsOtherwise } from '../cameras/camera-plan.ts';
import { type CameraStatus, cameraStatus, type StatusFacts } from '../cameras/camera-status.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import type { RunSession } from './camera-relay.ts';
import { CameraStream } from './camera-stream.ts';
import { combinedState, type Profile } from './combined-state.ts';
import type { DialGate } from './dial-gate.ts';

export interface LiveCameraOptions {
  readonly config: CameraConfig;
  /** How a camera's `source` is played, once. */
  readonly sessionOf: (config: CameraConfig) => RunSession;
  readonly gate: DialGate;
  readonly log: Log;
  /** How long a stream stays connected after the last one who wanted it, milliseconds. */
  readonly lingerMs?: number | undefined;
}

/** One camera with its streams, each connected on its own and only while somebody wants it. */
export class LiveCamera extends EventEmitter<{ state: [CameraStatus] }> {
  readonly main: CameraStream;
  readonly #options: LiveCameraOptions;
  #config: CameraConfig;
  #sub: CameraStream | undefined;

  constructor(options: LiveCameraOptions) {
    super();
    this.#options = options;
    this.#config = options.config;
    this.main = this.#newStream('main');
    this.#sub = this.#config.substream === undefined ? undefined : this.#newStream('sub');
  }

  get config(): CameraConfig {
    return this.#config;
  }

  /** Undefined for a camera without `substream`. */
  get sub(): CameraStream | undefined {
    return this.#sub;
  }

  get status(): CameraStatus {
    return cameraStatus(this.#config, combinedFacts(this.main.facts, this.#sub?.facts));
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
    if (playsOtherwise({ ...before, substream: '' }, { ...config, substream: '' })) this.main.redial();
    if (this.#sub && playsOtherwise(before, config)) this.#sub.redial();
    if (config.substream !== undefined) this.#sub ??= this.#newStream('sub');
    this.emit('state', this.status);
    await lost?.close();
  }

  /** The stream of a profile; a camera that has but one shows that one. */
  stream(profile: Profile = 'main'): CameraStream {
    return profile === 'sub' ? (this.#sub ?? this.main) : this.main;
  }

  /** Safe to call twice; viewers are ended, no connection is left. */
  async close(): Promise<void> {
    await Promise.all([this.main.close(), this.#sub?.close()]);
  }

  #newStream(profile: Profile): CameraStream {
    const { sessionOf, gate, log, lingerMs } = this.#options;
    // As it is configured when it is dialled, not when it was first heard of.
    const runSession: RunSession = (events, signal) => sessionOf(ofProfile(this.#config, profile))(events, signal);
    const named = log.child({ camera: this.#config.id, profile });
    const made = new CameraStream({ runSession, gate, log: named, ...(lingerMs !== undefined && { lingerMs }) });
    return made.on('changed', () => this.emit('state', this.status));
  }
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
    viewers: main.viewers + sub.viewers,
  };
}
