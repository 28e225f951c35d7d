import { footDistance } from '../box.ts';
import type { UnitBox } from '../model.ts';
import type { Track } from '../tracker.ts';
import { zoneName } from '../zone.ts';
import { dwellReason } from './reason-texts.ts';
import { nextEvent, type RuleEvent, type Step } from './rule-event.ts';
import { meantInside, type Picture, type ZonePolicy } from './rule-policy.ts';
import { byDwell, missing, type Stay, stayOf } from './stays.ts';

/** A track that has not left a place since. */
export interface Standing extends Stay {
  readonly box: UnitBox;
}

export interface StoppedState {
  readonly event: RuleEvent;
  readonly standing: readonly Standing[];
}

export const nobodyStopped: StoppedState = { event: {}, standing: [] };

/** A box trembles by less than this part of its height; who moved by more has moved. */
const mostTremble = 0.2;

/** A vehicle that stands in the zone. Several at once, like a jam, are told as one event, with how many they are. */
export function judgeStopped(policy: ZonePolicy, before: StoppedState, picture: Picture): Step<StoppedState> {
  const inside = meantInside(policy, picture);
  const standing = nextStanding(before.standing, inside, { ...picture, graceMs: policy.graceMs });
  const due = byDwell(inside, standing).filter(({ dwellMs }) => dwellMs >= policy.dwellMs);
  const [longest] = due;
  const name = zoneName(policy.zone);
  const count = standing.filter(({ since, lastAt }) => lastAt - since >= policy.dwellMs).length;
  const others = count > 1 ? [{ text: `${name}内静止 ${count} 辆`, value: count, unit: '辆' }] : [];
  const offence = longest && {
    ...longest,
    tracks: due.map(({ track }) => track),
    count,
    reasons: [dwellReason(`在${name}静止`, longest.dwellMs, policy.dwellMs), ...others],
  };
  const { event, verdict } = nextEvent(before.event, { at: picture.at, offence, isOccupied: false }, policy);
  return { state: { event, standing }, verdict };
}

interface Look {
  readonly at: number;
  readonly aspect: number;
  readonly graceMs: number;
}

/** Who stands where they stood, since they came to stand there; who moved stands there from now on. */
export function nextStanding(before: readonly Standing[], seen: readonly Track[], look: Look): Standing[] {
  const { at, aspect } = look;
  const here = seen.map((track): Standing => {
    const known = stayOf(before, track, look);
    const hasMoved = known && footDistance(known.box, track.box, aspect) > track.box.height * mostTremble;
    return known && !hasMoved ? { ...known, lastAt: at } : { track: track.id, since: at, lastAt: at, box: track.box };
  });
  return [...here, ...missing(before, seen, look)];
}
