import { footDistance } from '../box.ts';
import { familyOf } from '../labels.ts';
import type { Track } from '../tracker.ts';
import { zoneName } from '../zone.ts';
import { dwellReason } from './reason-texts.ts';
import { nextEvent, type RuleEvent, type Step } from './rule-event.ts';
import { meantInside, type Picture, type ZonePolicy } from './rule-policy.ts';
import { byDwell } from './stays.ts';
import { nextStanding, type Standing } from './stopped-vehicle.ts';

export interface LeftState {
  readonly event: RuleEvent;
  readonly lying: readonly Standing[];
}

export const nothingLeft: LeftState = { event: {}, lying: [] };

/** Who stands within so many of their own heights of a thing has not left it. */
const attendedHeights = 1.2;

/** A thing that lies in the zone with nobody near it. Its dwell begins when the last one has gone. */
export function judgeObjectLeft(policy: ZonePolicy, before: LeftState, picture: Picture): Step<LeftState> {
  const { at, aspect } = picture;
  const inside = meantInside(policy, picture);
  const people = picture.tracks.filter(
    (track) => familyOf(track.label) === 'person' && at - track.lastAt <= policy.graceMs,
  );
  const attended = new Set(inside.filter((thing) => isAttended(thing, people, aspect)).map(({ id }) => id));
  const lying = nextStanding(before.lying, inside, { at, aspect, graceMs: policy.graceMs }).map((thing) =>
    attended.has(thing.track) ? { ...thing, since: at } : thing,
  );
  const due = byDwell(inside, lying).filter(
    ({ track, dwellMs }) => dwellMs >= policy.dwellMs && !attended.has(track.id),
  );
  const [longest] = due;
  const offence = longest && {
    ...longest,
    tracks: due.map(({ track }) => track),
    reasons: [dwellReason(`在${zoneName(policy.zone)}无人看管`, longest.dwellMs, policy.dwellMs)],
  };
  const { event, verdict } = nextEvent(before.event, { at, offence, isOccupied: false }, policy);
  return { state: { event, lying }, verdict };
}

function isAttended({ box }: Track, people: readonly Track[], aspect: number): boolean {
  return people.some((person) => footDistance(box, person.box, aspect) <= person.box.height * attendedHeights);
}
