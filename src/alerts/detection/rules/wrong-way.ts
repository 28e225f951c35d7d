import type { Track } from '../tracker.ts';
import { type Corner, footOf, zoneName } from '../zone.ts';
import { dwellReason, round } from './reason-texts.ts';
import { nextEvent, type RuleEvent, type Step } from './rule-event.ts';
import { meantInside, type Picture, type ZonePolicy } from './rule-policy.ts';
import { byDwell, missing, type Stay, stayOf } from './stays.ts';

export interface WrongWayPolicy extends ZonePolicy {
  /** Which way traffic goes: from the first point to the second. */
  readonly direction: readonly [Corner, Corner];
}

/** A track on its way against the traffic: from where, where it is now, and in how many pictures it was seen to go on. */
export interface Run extends Stay {
  readonly from: Corner;
  readonly foot: Corner;
  readonly looks: number;
}

export interface WrongWayState {
  readonly event: RuleEvent;
  readonly runs: readonly Run[];
}

export const allRightWay: WrongWayState = { event: {}, runs: [] };

/** A box that trembles goes back and forth by less than this part of its height. */
const mostTremble = 0.1;
/** How far against the traffic, in heights of the vehicle, and in how many pictures: one wrong box is no journey. */
const leastHeights = 1;
const leastLooks = 3;
/** Within 60° of straight against it: who changes lanes goes across. */
const leastCosine = 0.5;

/** A vehicle that goes through the zone against its direction. */
export function judgeWrongWay(policy: WrongWayPolicy, before: WrongWayState, picture: Picture): Step<WrongWayState> {
  const { at } = picture;
  const look = { at, graceMs: policy.graceMs };
  const way = wayOf(policy.direction, picture.aspect);
  const inside = meantInside(policy, picture);
  const here = inside.map((track) => nextRun(stayOf(before.runs, track, look), track, { at, way }));
  const runs = [...here, ...missing(before.runs, inside, look)];
  const due = byDwell(inside, runs).filter(({ track, dwellMs }) => {
    const run = here.find((each) => each.track === track.id);
    return run !== undefined && dwellMs >= policy.dwellMs && isAgainst(run, track, way);
  });
  const [longest] = due;
  const offence = longest && {
    ...longest,
    tracks: due.map(({ track }) => track),
    reasons: reasonsOf(policy, longest, heightsOf(here, longest.track, way)),
  };
  const { event, verdict } = nextEvent(before.event, { at, offence, isOccupied: false }, policy);
  return { state: { event, runs }, verdict };
}

/** A unit vector in heights of the picture, and the picture's aspect. */
interface Way {
  readonly x: number;
  readonly y: number;
  readonly aspect: number;
}

function wayOf([from, to]: WrongWayPolicy['direction'], aspect: number): Way {
  const { x, y } = between(from, to, aspect);
  const length = Math.hypot(x, y);
  return { x: x / length, y: y / length, aspect };
}

function between([ax, ay]: Corner, [bx, by]: Corner, aspect: number): { x: number; y: number } {
  return { x: (bx - ax) * aspect, y: by - ay };
}

/** How far from one place to another along the way: less than nothing is against it. */
function along(from: Corner, to: Corner, way: Way): number {
  const { x, y } = between(from, to, way.aspect);
  return x * way.x + y * way.y;
}

/** Who goes with the traffic, even once, begins anew. */
function nextRun(known: Run | undefined, { id, box }: Track, { at, way }: { at: number; way: Way }): Run {
  const foot = footOf(box);
  const goesWith = known && along(known.foot, foot, way) > box.height * mostTremble;
  if (!known || goesWith || along(known.from, foot, way) >= 0)
    return { track: id, since: at, lastAt: at, from: foot, foot, looks: 0 };
  return { ...known, lastAt: at, foot, looks: known.looks + 1 };
}

function isAgainst({ from, foot, looks }: Run, { box }: Track, way: Way): boolean {
  const { x, y } = between(from, foot, way.aspect);
  const back = -along(from, foot, way);
  return looks >= leastLooks && back >= box.height * leastHeights && back >= Math.hypot(x, y) * leastCosine;
}

function heightsOf(runs: readonly Run[], { id, box }: Track, way: Way): number {
  const run = runs.find(({ track }) => track === id);
  return run ? -along(run.from, run.foot, way) / box.height : 0;
}

function reasonsOf({ zone, dwellMs: limitMs }: WrongWayPolicy, { dwellMs }: { dwellMs: number }, heights: number) {
  const value = round(heights, 1);
  return [
    dwellReason(`在${zoneName(zone)}逆向行驶`, dwellMs, limitMs),
    { text: `逆向移动 ${value} 倍车高，门限 ${leastHeights} 倍`, value, limit: leastHeights },
  ];
}
