import type { Track } from '../tracker.ts';
import { contains, footOf, type Zone } from '../zone.ts';
import type { EventPolicy } from './rule-event.ts';

/** What every rule asks of what it counts. */
export interface RulePolicy extends EventPolicy {
  /** Labels of the model. */
  readonly objects: readonly string[];
  /** The least height of a box, as a part of the picture's; what is smaller is too far away to be told apart. */
  readonly minSize: number;
  /** How long it must go on. */
  readonly dwellMs: number;
  /** How long somebody may go unseen without their dwell starting anew. */
  readonly graceMs: number;
}

export interface ZonePolicy extends RulePolicy {
  readonly zone: Zone;
}

/** What a camera saw at one moment. */
export interface Picture {
  /** All that is followed; only what was seen at `at` counts. */
  readonly tracks: readonly Track[];
  /** When the picture was taken. */
  readonly at: number;
  /** Its width over its height. */
  readonly aspect: number;
}

/** What the rule is about, seen in this picture. */
export function meant({ objects, minSize }: RulePolicy, { tracks, at }: Picture): Track[] {
  return tracks.filter(({ label, box, lastAt }) => lastAt === at && objects.includes(label) && box.height >= minSize);
}

/** What of it stands in the zone: the middle of the lower edge decides. */
export function meantInside(policy: ZonePolicy, picture: Picture): Track[] {
  return meant(policy, picture).filter(({ box }) => contains(policy.zone.polygon, footOf(box)));
}
