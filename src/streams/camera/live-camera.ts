import { EventEmitter } from 'node:events';
import type { Log } from '../../shared/log.ts';
import { type CameraStatus, cameraStatus, type StatusFacts } from '../cameras/camera-status.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import type { RunSession } from './camera-relay.ts';
import { CameraStream } from './camera-stream.ts';
import { combinedState, type Profile } from './combined-state.ts';
import type { DialGate } from './dial-gate.ts';

export interface LiveCameraOptions {
  readonly config: CameraConfig;
  /** How one of its sources is played, once. */
  readonly sessionOf: (source: string) => RunSession;
  readonly gate: DialGate;
  readonly log: Log;
  /** How long a stream stays connected after the last one who wanted it, milliseconds. */
  readonly lingerMs?: number | undefined;
}

/** One camera with its streams, each connected on its own and only while somebody wants it. */
export class LiveCamera extends EventEmitter<{ state: [CameraStatus] }> {
  readonly config: CameraConfig;
  readonly main: CameraStream;
  /** Undefined for a camera without `substream`. */
  readonly sub: CameraStream | undefined;

  constructor({ config, sessionOf, gate, log, lingerMs }: LiveCameraOptions) {
    super();
    this.config = config;
    const stream = (profile: Profile, source: string) => {
      const linger = lingerMs === undefined ? {} : { lingerMs };
      const named = log.child({ camera: config.id, profile });
      const made = new CameraStream({ runSession: sessionOf(source), gate, log: named, ...linger });
      return made.on('changed', () => this.emit('state', this.status));
    };
    this.main = stream('main', config.source);
    this.sub = config.substream === undefined ? undefined : stream('sub', config.substream);
  }

  get status(): CameraStatus {
    return cameraStatus(this.config, combinedFacts(this.main.facts, this.sub?.facts));
  }

  /** The stream of a profile; a camera that has but one shows that one. */
  stream(profile: Profile = 'main'): CameraStream {
    return profile === 'sub' ? (this.sub ?? this.main) : this.main;
  }

  /** Safe to call twice; viewers are ended, no connection is left. */
  async close(): Promise<void> {
    await Promise.all([this.main.close(), this.sub?.close()]);
  }
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
