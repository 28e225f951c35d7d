import type { RuleTimes } from './camera-rules.ts';
import type { GatePolicy } from './gate/motion-gate.ts';
import type { Sighting } from './model.ts';
import { follow, type Tracks } from './tracker.ts';
import type { WatchedCamera } from './watched-camera.ts';
import { contains, footOf } from './zone.ts';

export interface WatchPolicy {
  /** From this score on, something is what the model says. */
  readonly minScore: number;
  readonly everyMs: number;
  readonly dwellMs: number;
  readonly clearMs: number;
  /** While an event lasts it is told again this often. */
  readonly refreshMs: number;
  /** Left out: all of every picture is looked at. */
  readonly gate?: GatePolicy | undefined;
}

/** What holds for cameras that do not say otherwise. */
export interface WatchDefaults {
  readonly minScore?: number | undefined;
  /** 500 ms unless told. */
  readonly everyMs?: number | undefined;
  readonly clearMs?: number | undefined;
  readonly refreshMs?: number | undefined;
  /** When given, what does not move is looked at now and then only. */
  readonly gate?: GatePolicy | undefined;
}

export function watchPolicyOf({ detect }: WatchedCamera, defaults: WatchDefaults): WatchPolicy {
  const { minScore = 0.35, everyMs = 500, clearMs = 10_000, refreshMs = 1_000, gate } = defaults;
  const every = detect.every === undefined ? everyMs : detect.every * 1_000;
  return { minScore, everyMs: every, dwellMs: 3_000, clearMs, refreshMs, gate };
}

export function ruleTimesOf(policy: WatchPolicy): RuleTimes {
  return { dwellMs: policy.dwellMs, clearMs: policy.clearMs, graceMs: graceOf(policy) };
}

/** One look at a picture: what was found in it, when, and the shape of the picture. */
export interface TrackedLook {
  readonly sightings: readonly Sighting[];
  /** Milliseconds. */
  readonly at: number;
  /** Width of the picture over its height. */
  readonly aspect: number;
}

export interface Watching {
  readonly camera: WatchedCamera;
  readonly policy: WatchPolicy;
}

/** A sighting is kept as a track this much below the score at which it begins one. */
export const keepShare = 0.6;

/** What is followed after one more look; what stands in a mask is not there. */
export function followed(before: Tracks, { sightings, at, aspect }: TrackedLook, { camera, policy }: Watching): Tracks {
  const { minScore } = policy;
  const masks = camera.detect.masks ?? [];
  const unmasked = sightings.filter(({ box }) => !masks.some((mask) => contains(mask, footOf(box))));
  const tracking = { newScore: minScore, keepScore: minScore * keepShare, missMs: graceOf(policy), aspect };
  return follow(before, unmasked, { at, policy: tracking });
}

/** How long somebody may go unseen and still be there: a few poor looks, also on a machine that looks once a second. */
function graceOf({ everyMs }: WatchPolicy): number {
  return Math.max(2_500, everyMs * 4);
}
