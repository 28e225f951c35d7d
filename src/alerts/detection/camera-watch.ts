import { setTimeout as sleep } from 'node:timers/promises';
import { retryDelayMs } from '../../shared/backoff.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { Observation } from '../observation.ts';
import { FrameDropped } from './detector-errors.ts';
import type { CameraFrame, Detected, Detector, Sighting } from './model.ts';
import { snapshotJpeg } from './snapshot-jpeg.ts';
import { follow, noTracks, type Tracks } from './tracker.ts';
import type { WatchedCamera } from './watched-camera.ts';
import { contains, footOf, type Zone } from './zone.ts';
import { zoneKey, zoneObservation } from './zone-observation.ts';
import { emptyZone, judgeZone, type ZonePolicy, type ZoneState, type ZoneVerdict } from './zone-rule.ts';

/** Frames of one camera until the signal aborts, the newest wins. */
export type FrameSource = (
  camera: string,
  options: { readonly everyMs: number; readonly signal: AbortSignal },
) => AsyncIterable<CameraFrame>;

export interface WatchPorts {
  readonly frames: FrameSource;
  readonly detector: Detector;
  readonly observe: (observation: Observation) => Promise<unknown>;
  readonly end: (key: string, at: Date) => Promise<unknown>;
  readonly log: Log;
}

export interface WatchPolicy {
  /** From this score on, something is what the model says. */
  readonly minScore: number;
  readonly everyMs: number;
  readonly dwellMs: number;
  readonly clearMs: number;
  /** While an event lasts it is told again this often. */
  readonly refreshMs: number;
}

interface WatchedZone {
  readonly policy: ZonePolicy;
  state: ZoneState;
  /** When it was last told, and whether the desk has its picture. */
  toldAt: number;
  hasPicture: boolean;
  /** An end the desk has not taken yet. */
  ending: Date | undefined;
}

const maxUntold = 2;
const backoff = { baseMs: 1_000, maxMs: 30_000 };

/** Watches one camera until closed: frames to the detector, sightings to tracks, tracks to what the desk must know. */
export class CameraWatch {
  readonly #camera: WatchedCamera;
  readonly #ports: WatchPorts;
  readonly #policy: WatchPolicy;
  readonly #zones: readonly WatchedZone[];
  readonly #tally: ErrorTally;
  readonly #closing = new AbortController();
  #tracks: Tracks = noTracks;
  #done: Promise<void> | undefined;
  /** Verdicts are told in the order of their pictures; a desk that does not answer holds no more than two of them. */
  #telling: Promise<void> = Promise.resolve();
  #untold = 0;

  constructor(camera: WatchedCamera, ports: WatchPorts, policy: WatchPolicy) {
    this.#camera = camera;
    this.#ports = ports;
    this.#policy = policy;
    this.#zones = (camera.detect.zones ?? []).map((zone) => watchedZone(zone, camera, policy));
    this.#tally = new ErrorTally((count, last) =>
      ports.log.warn({ camera: camera.id, count, err: last }, 'pictures not judged'),
    );
  }

  start(): void {
    this.#done ??= this.#run(this.#closing.signal);
  }

  /** Safe to call twice; once it resolves, nothing more is observed. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
    await this.#telling;
    this.#tally.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const began = performance.now();
      try {
        await this.#watch(signal);
      } catch (error) {
        if (!signal.aborted) this.#ports.log.warn({ camera: this.#camera.id, err: error }, 'watched camera lost');
      }
      if (signal.aborted) return;
      if (performance.now() - began > 30_000) attempt = 0;
      await sleep(Math.max(200, retryDelayMs(backoff, attempt)), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Takes frames as they come: the detector keeps the newest and drops what it cannot look at. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { detector, frames } = this.#ports;
    const everyMs = this.#policy.everyMs;
    for await (const frame of frames(this.#camera.id, { everyMs, signal })) {
      if (signal.aborted) return;
      detector.detect(frame).then(
        (detected) => this.#queue(detected),
        (error: unknown) => this.#count(error),
      );
    }
  }

  #queue(detected: Detected): void {
    if (this.#untold >= maxUntold) {
      this.#count(new FrameDropped(this.#camera.id, 'late'));
      return;
    }
    this.#untold += 1;
    this.#telling = this.#telling
      .then(() => this.#judge(detected))
      .catch((error: unknown) => this.#count(error))
      .finally(() => {
        this.#untold -= 1;
      });
  }

  /** A picture dropped for a newer one is how a slow machine keeps up; the pool counts those. */
  #count(error: unknown): void {
    if (error instanceof FrameDropped) return;
    if (error instanceof Error && !this.#closing.signal.aborted) this.#tally.add(error);
  }

  async #judge({ frame, sightings }: Detected): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const at = frame.at.getTime();
    const { minScore } = this.#policy;
    const policy = {
      newScore: minScore,
      keepScore: minScore * 0.6,
      missMs: graceOf(this.#policy),
      aspect: frame.width / frame.height,
    };
    this.#tracks = follow(this.#tracks, this.#unmasked(sightings), { at, policy });
    for (const zone of this.#zones) {
      const { state, verdict } = judgeZone(zone.policy, zone.state, { tracks: this.#tracks.tracks, at });
      zone.state = state;
      await this.#tell(zone, verdict, frame);
    }
  }

  #unmasked(sightings: readonly Sighting[]): Sighting[] {
    const masks = this.#camera.detect.masks ?? [];
    return sightings.filter(({ box }) => !masks.some((mask) => contains(mask, footOf(box))));
  }

  /** What the desk refused is told again with a later picture: a duplicate beats a missed alert. */
  async #tell(zone: WatchedZone, verdict: ZoneVerdict, frame: CameraFrame): Promise<void> {
    if (verdict.type === 'end') zone.ending = new Date(verdict.lastAt);
    if (zone.ending) await this.#tellEnd(zone, zone.ending);
    if (verdict.type !== 'begin' && verdict.type !== 'continue') return;
    if (zone.hasPicture && frame.at.getTime() - zone.toldAt < this.#policy.refreshMs) return;
    const { track, dwellMs } = verdict;
    const { dwellMs: dwellLimitMs, zone: place } = zone.policy;
    const { minScore } = this.#policy;
    const trespass = { camera: this.#camera, zone: place, track, at: frame.at, dwellMs, dwellLimitMs, minScore };
    const snapshot = zone.hasPicture ? undefined : await this.#picture(frame, track.box);
    await this.#ports.observe({ ...zoneObservation(trespass), ...(snapshot && { snapshot }) });
    zone.toldAt = frame.at.getTime();
    zone.hasPicture ||= snapshot !== undefined;
  }

  async #tellEnd(zone: WatchedZone, at: Date): Promise<void> {
    await this.#ports.end(zoneKey(this.#camera.id, zone.policy.zone.id), at);
    zone.ending = undefined;
    zone.hasPicture = false;
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

function watchedZone(zone: Zone, camera: WatchedCamera, policy: WatchPolicy): WatchedZone {
  const dwellMs = zone.dwell === undefined ? policy.dwellMs : zone.dwell * 1_000;
  const objects = camera.detect.objects ?? ['person'];
  return {
    policy: { zone, objects, dwellMs, clearMs: policy.clearMs, graceMs: graceOf(policy) },
    state: emptyZone,
    toldAt: 0,
    hasPicture: false,
    ending: undefined,
  };
}

/** How long somebody may go unseen and still be there: a few poor looks, also on a machine that looks once a second. */
function graceOf({ everyMs }: WatchPolicy): number {
  return Math.max(2_500, everyMs * 4);
}
