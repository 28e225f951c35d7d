import { zoneName } from '../zone.ts';
import { dwellReason } from './reason-texts.ts';
import { nextEvent, type RuleEvent, type Step } from './rule-event.ts';
import { meantInside, type Picture, type ZonePolicy } from './rule-policy.ts';
import { nextStays, type Stay } from './stays.ts';

export interface CrowdPolicy extends ZonePolicy {
  /** From so many on it is a crowd. */
  readonly count: number;
}

export interface CrowdState {
  readonly event: RuleEvent;
  readonly stays: readonly Stay[];
  /** Since when they are that many. */
  readonly since?: number;
}

export const noCrowd: CrowdState = { event: {}, stays: [] };

/** As many as `count` in the zone at once, for the dwell. Who goes unseen for a moment is still counted. */
export function judgeCrowd(policy: CrowdPolicy, before: CrowdState, picture: Picture): Step<CrowdState> {
  const { at } = picture;
  const inside = meantInside(policy, picture);
  const stays = nextStays(before.stays, inside, { at, graceMs: policy.graceMs });
  const isMany = stays.length >= policy.count;
  const since = isMany ? (before.since ?? at) : undefined;
  const dwellMs = since === undefined ? 0 : at - since;
  const name = zoneName(policy.zone);
  const tracks = inside.toSorted((one, other) => other.score - one.score);
  const [track] = tracks;
  const isDue = since !== undefined && dwellMs >= policy.dwellMs;
  const counted = { text: `${name}内 ${stays.length} 人，门限 ${policy.count} 人` };
  const reasons = [
    { ...counted, value: stays.length, limit: policy.count, unit: '人' },
    dwellReason('持续', dwellMs, policy.dwellMs),
  ];
  const offence = isDue && track ? { track, tracks, count: stays.length, dwellMs, reasons } : undefined;
  const { event, verdict } = nextEvent(before.event, { at, offence, isOccupied: isMany }, policy);
  return { state: { event, stays, ...(since !== undefined && { since }) }, verdict };
}
