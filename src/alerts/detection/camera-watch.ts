import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { Observation } from '../observation.ts';
import { CameraLooks } from './camera-looks.ts';
import { rulesOf } from './camera-rules.ts';
import { FrameDropped } from './detector-errors.ts';
import { FrameLoop, type FrameSource } from './frame-loop.ts';
import { MotionGate } from './gate/motion-gate.ts';
import type { CameraFrame, Detected, Detector, Sighting } from './model.ts';
import { snapshotJpeg } from './snapshot-jpeg.ts';
import { rankAt, standingAt } from './standing.ts';
import { noTracks, type Track, type Tracks } from './tracker.ts';
import { followed, ruleTimesOf, type WatchPolicy } from './watch-policy.ts';
import type { WatchedCamera } from './watched-camera.ts';
import { type Express, WatchedRule } from './watched-rule.ts';
import { zoneObservation } from './zone-observation.ts';

export interface WatchPorts {
  readonly frames: FrameSource;
  readonly detector: Detector;
  readonly observe: (observation: Observation) => Promise<unknown>;
  readonly end: (key: string, at: Date) => Promise<unknown>;
  /** Told of every look before any rule; returns at once. */
  readonly saw?: ((detected: Detected) => void) | undefined;
  readonly log: Log;
}

/** A picture, and who was followed when it was looked at or left out. */
interface Followed {
  readonly frame: CameraFrame;
  readonly tracks: readonly Track[];
  /** Undefined of a picture that was left out. */
  readonly sightings: readonly Sighting[] | undefined;
}

const maxUntold = 2;

/** Watches one camera until closed: frames to the detector, sightings to tracks, tracks to what the desk must know. */
export class CameraWatch {
  readonly #ports: WatchPorts;
  readonly #tally: ErrorTally;
  readonly #loop: FrameLoop;
  readonly #looks: CameraLooks;
  #isClosed = false;
  #camera: WatchedCamera;
  #policy: WatchPolicy;
  #rules: readonly WatchedRule[];
  #tracks: Tracks = noTracks;
  /** When the last picture was taken that the model looked at. */
  #lookedAt = 0;
  /** Verdicts are told in the order of their pictures; a desk that does not answer holds no more than two of them. */
  #telling: Promise<void> = Promise.resolve();
  #untold = 0;

  constructor(camera: WatchedCamera, ports: WatchPorts, policy: WatchPolicy) {
    this.#camera = camera;
    this.#ports = ports;
    this.#policy = policy;
    this.#rules = rulesOf(camera, ruleTimesOf(policy)).map((rule) => new WatchedRule(rule));
    const { frames, log, detector } = ports;
    const looks = {
      detector,
      standing: (at: number) =>
        standingAt(at, {
          rules: this.#rules,
          tracks: this.#tracks.tracks,
          lookedAt: this.#lookedAt,
          lastCallMs: lastCallOf(this.#policy),
        }),
      rank: ({ at, width, height }: CameraFrame) =>
        rankAt(at.getTime(), width / height, { rules: this.#rules, tracks: this.#tracks.tracks }),
      seen: (detected: Detected, isLooked: boolean) => this.#follow(detected, isLooked),
      failed: (error: unknown) => this.#count(error),
    };
    this.#looks = new CameraLooks(looks, gateOf(camera, policy));
    const take = (frame: CameraFrame) => this.#looks.take(frame);
    this.#loop = new FrameLoop({ camera: camera.id, everyMs: policy.everyMs, frames, take, log });
    this.#tally = new ErrorTally((count, last) =>
      log.warn({ camera: camera.id, count, err: last }, 'pictures not judged'),
    );
  }

  get camera(): WatchedCamera {
    return this.#camera;
  }

  start(): void {
    this.#loop.start();
  }

  /**
   * The camera is to be watched otherwise from the next picture on. Tracks go on, and rules that are as they were; what
   * was going on under one that is gone is over. Resolves when that is told.
   */
  configure(camera: WatchedCamera, policy: WatchPolicy): Promise<void> {
    this.#telling = this.#telling.then(() => this.#change(camera, policy));
    return this.#telling;
  }

  /** Safe to call twice; once it resolves, nothing more is observed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#loop.close();
    await this.#telling;
    this.#tally.close();
  }

  /** Nobody would ever say that what stands under a rule without a watch is over. */
  async endAll(): Promise<void> {
    await Promise.all(this.#rules.map(({ rule }) => this.#endGone(rule.key)));
  }

  async #change(camera: WatchedCamera, policy: WatchPolicy): Promise<void> {
    const before = new Map(this.#rules.map((watched) => [watched.rule.key, watched]));
    const wanted = rulesOf(camera, ruleTimesOf(policy));
    this.#rules = wanted.map((rule) => {
      const watched = before.get(rule.key);
      watched?.configure(rule);
      before.delete(rule.key);
      return watched ?? new WatchedRule(rule);
    });
    this.#camera = camera;
    this.#policy = policy;
    this.#looks.configure(gateOf(camera, policy));
    this.#loop.pace(policy.everyMs);
    await Promise.all([...before.keys()].map((key) => this.#endGone(key)));
  }

  async #endGone(key: string): Promise<void> {
    await this.#ports.end(key, new Date()).catch((err: unknown) => {
      this.#ports.log.warn({ camera: this.#camera.id, err }, 'end of a removed rule not told');
    });
  }

  /**
   * A picture that was left out only lets time go on for tracks and rules: who is missing is looked for once more before
   * their time is over.
   */
  #follow({ frame, sightings }: Detected, isLooked: boolean): void {
    if (this.#isClosed) return;
    const at = frame.at.getTime();
    const look = { sightings, at, aspect: frame.width / frame.height };
    this.#tracks = followed(this.#tracks, look, { camera: this.#camera, policy: this.#policy });
    if (isLooked) this.#lookedAt = at;
    this.#queue({ frame, tracks: this.#tracks.tracks, sightings: isLooked ? sightings : undefined });
  }

  #queue(followed: Followed): void {
    if (this.#untold >= maxUntold) {
      this.#count(new FrameDropped(this.#camera.id, 'late'));
      return;
    }
    this.#untold += 1;
    this.#telling = this.#telling
      .then(() => this.#judge(followed))
      .catch((error: unknown) => this.#count(error))
      .finally(() => {
        this.#untold -= 1;
        const { frame } = followed;
        frame.release?.(frame.yuv);
      });
  }

  /** A picture dropped for a newer one is how a slow machine keeps up; the pool counts those. */
  #count(error: unknown): void {
    if (error instanceof FrameDropped) return;
    if (error instanceof Error && !this.#isClosed) this.#tally.add(error);
  }

  async #judge({ frame, tracks, sightings }: Followed): Promise<void> {
    if (this.#isClosed) return;
    if (sightings) this.#ports.saw?.({ frame, sightings });
    const { refreshMs } = this.#policy;
    const { observe, end } = this.#ports;
    const picture = { tracks, at: frame.at.getTime(), aspect: frame.width / frame.height };
    for (const rule of this.#rules)
      await rule.look(picture, { refreshMs, observe, end, express: (seen) => this.#express(seen, frame) });
  }

  async #express({ rule, offence, wantsPicture }: Parameters<Express>[0], frame: CameraFrame): Promise<Observation> {
    const { minScore } = this.#policy;
    const snapshot = wantsPicture ? await this.#picture(frame, offence.track.box) : undefined;
    const seen = zoneObservation({ camera: this.#camera, rule, offence, at: frame.at, minScore });
    return { ...seen, ...(snapshot && { snapshot }) };
  }

  /** An alert without its picture is better than none. */
  async #picture(frame: CameraFrame, box: Sighting['box']): Promise<Uint8Array | undefined> {
    try {
      return await snapshotJpeg(frame, box);
    } catch (error) {
      this.#count(error);
      return undefined;
    }
  }
}

/** The last picture but one before a track is given up, also when it comes a little early. */
function lastCallOf(policy: WatchPolicy): number {
  return ruleTimesOf(policy).graceMs - policy.everyMs * 1.25;
}

/** Without one when the site or the camera has none. */
function gateOf({ detect }: WatchedCamera, { gate }: WatchPolicy): MotionGate | undefined {
  return gate && detect.gate !== false ? new MotionGate(detect, gate) : undefined;
}
