import type { Track } from './tracker.ts';
import { contains, footOf, type Zone } from './zone.ts';

export interface ZonePolicy {
  readonly zone: Zone;
  /** Names of objects the zone is closed to. */
  readonly objects: readonly string[];
  readonly dwellMs: number;
  /** How long the zone must be empty before the event has ended. */
  readonly clearMs: number;
  /** How long somebody in the zone may go unseen without their dwell starting anew. */
  readonly graceMs: number;
}

/** Somebody in the zone: since when, and when last seen there. Milliseconds. */
interface Stay {
  readonly track: number;
  readonly since: number;
  readonly lastAt: number;
}

export interface ZoneState {
  readonly stays: readonly Stay[];
  /** The event going on: when it began, and when anybody was last seen in the zone. */
  readonly open?: { readonly since: number; readonly lastAt: number };
}

/** `begin` and `continue` carry who is to blame and for how long; `end` when the zone was last occupied. */
export type ZoneVerdict =
  | { readonly type: 'quiet' }
  | { readonly type: 'begin' | 'continue'; readonly track: Track; readonly dwellMs: number }
  | { readonly type: 'end'; readonly lastAt: number };

export interface ZoneStep {
  readonly state: ZoneState;
  readonly verdict: ZoneVerdict;
}

export const emptyZone: ZoneState = { stays: [] };

interface Picture {
  readonly tracks: readonly Track[];
  /** When the picture was taken; only tracks seen in it count. */
  readonly at: number;
}

/** What one picture means for one zone. Dwell belongs to a track, and survives its being missed for a moment. */
export function judgeZone(policy: ZonePolicy, before: ZoneState, { tracks, at }: Picture): ZoneStep {
  const inside = tracks.filter((track) => track.lastAt === at && isInside(policy, track));
  const stays = [
    ...inside.map((track) => stayOf(before, track, { at, policy })),
    ...before.stays.filter(
      ({ track, lastAt }) => at - lastAt <= policy.graceMs && !inside.some(({ id }) => id === track),
    ),
  ];
  const longest = longestOf(inside, stays);
  if (!before.open) {
    if (!longest || longest.dwellMs < policy.dwellMs) return { state: { stays }, verdict: { type: 'quiet' } };
    return { state: { stays, open: { since: at, lastAt: at } }, verdict: { type: 'begin', ...longest } };
  }
  if (longest) {
    // Whoever comes next keeps the event open, but is no reason for it before their own dwell is reached.
    const isReason = longest.dwellMs >= policy.dwellMs;
    const verdict: ZoneVerdict = isReason ? { type: 'continue', ...longest } : { type: 'quiet' };
    return { state: { stays, open: { ...before.open, lastAt: at } }, verdict };
  }
  const { lastAt } = before.open;
  if (at - lastAt < policy.clearMs) return { state: { stays, open: before.open }, verdict: { type: 'quiet' } };
  return { state: { stays }, verdict: { type: 'end', lastAt } };
}

function isInside({ zone, objects }: ZonePolicy, { label, box }: Track): boolean {
  return objects.includes(label) && contains(zone.polygon, footOf(box));
}

function stayOf(before: ZoneState, { id }: Track, { at, policy }: { at: number; policy: ZonePolicy }): Stay {
  const known = before.stays.find(({ track, lastAt }) => track === id && at - lastAt <= policy.graceMs);
  return { track: id, since: known?.since ?? at, lastAt: at };
}

function longestOf(inside: readonly Track[], stays: readonly Stay[]): { track: Track; dwellMs: number } | undefined {
  return inside
    .map((track) => {
      const stay = stays.find((each) => each.track === track.id);
      return { track, dwellMs: stay ? stay.lastAt - stay.since : 0 };
    })
    .toSorted((one, other) => other.dwellMs - one.dwellMs)[0];
}
