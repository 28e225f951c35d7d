import { zoneName } from '../zone.ts';
import { dwellReason } from './reason-texts.ts';
import { nextEvent, type RuleEvent, type Step } from './rule-event.ts';
import { meantInside, type Picture, type ZonePolicy } from './rule-policy.ts';
import { byDwell, nextStays, type Stay } from './stays.ts';

export interface ZoneState {
  readonly event: RuleEvent;
  readonly stays: readonly Stay[];
}

export const emptyZone: ZoneState = { event: {}, stays: [] };

/**
 * Somebody, or something, in a zone that is closed to them. Dwell belongs to a track, and survives its being missed for a
 * moment. Whoever comes next keeps an event open, but is no reason for it before their own dwell is reached.
 */
export function judgeZone(policy: ZonePolicy, before: ZoneState, picture: Picture): Step<ZoneState> {
  const inside = meantInside(policy, picture);
  const stays = nextStays(before.stays, inside, { at: picture.at, graceMs: policy.graceMs });
  const dwelling = byDwell(inside, stays);
  const due = dwelling.filter(({ dwellMs }) => dwellMs >= policy.dwellMs);
  const [longest] = due;
  const offence = longest && {
    ...longest,
    tracks: due.map(({ track }) => track),
    reasons: [dwellReason(`在${zoneName(policy.zone)}停留`, longest.dwellMs, policy.dwellMs)],
  };
  const finding = { at: picture.at, offence, isOccupied: inside.length > 0 };
  const { event, verdict } = nextEvent(before.event, finding, policy);
  return { state: { event, stays }, verdict };
}
