import type { Position, Unit } from '../api/shapes.ts';
import { distanceMeters } from '../road/geo.ts';

/** A unit on its way from where it was drawn to where it has reported to be. Times in milliseconds. */
export interface Motion {
  readonly from: Position;
  readonly to: Position;
  readonly start: number;
  readonly end: number;
}

const longestMs = 1_000;
/** A leap is no movement: it is a correction, and is drawn at once. */
const leapMeters = 500;

/** The motion after a new report; at once when it is shorter than anyone would see, the same one when nothing moved. */
export function moveTo(
  known: Motion | undefined,
  to: Position,
  { now, visibleMeters }: { now: number; visibleMeters: number },
): Motion {
  if (known && known.to.lat === to.lat && known.to.lon === to.lon) return known;
  const from = known ? positionAt(known, now) : to;
  const meters = distanceMeters(from, to);
  const still = meters < visibleMeters || meters > leapMeters;
  return still ? { from: to, to, start: now, end: now } : { from, to, start: now, end: now + longestMs };
}

export function positionAt({ from, to, start, end }: Motion, now: number): Position {
  if (now >= end || end === start) return to;
  const share = Math.max(0, (now - start) / (end - start));
  return { lat: from.lat + (to.lat - from.lat) * share, lon: from.lon + (to.lon - from.lon) * share };
}

/** The point on a grid so fine that nobody sees it: what has not visibly moved is the same point. */
export function onGrid({ lat, lon }: Position, gridMeters: number): Position {
  const step = Math.max(gridMeters, 0.1) / 111_195;
  return { lat: Math.round(lat / step) * step, lon: Math.round(lon / step) * step };
}

/** The motions of all units after a report; those that are gone are forgotten. */
export function nextMotions(
  known: ReadonlyMap<string, Motion>,
  units: Iterable<Unit>,
  at: { now: number; visibleMeters: number },
): ReadonlyMap<string, Motion> {
  const moved = [...units].flatMap(({ id, position }): [string, Motion][] =>
    position ? [[id, moveTo(known.get(id), position, at)]] : [],
  );
  return new Map(moved);
}
