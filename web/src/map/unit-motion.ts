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

/** One unit as it is drawn: anything in `look` that changes is seen at once, a place or a heading only from some size on. */
export interface DrawnUnit {
  readonly at: Position;
  readonly heading: number;
  readonly look: string;
}

const visibleDegrees = 6;

/** True when somebody would see the difference: a step of a pixel, a turn, another look, one more or one less. */
export function isVisible(
  drawn: ReadonlyMap<string, DrawnUnit>,
  next: ReadonlyMap<string, DrawnUnit>,
  { pixelMeters, inView }: { pixelMeters: number; inView: (at: Position) => boolean },
): boolean {
  if (drawn.size !== next.size) return true;
  return [...next].some(([id, unit]) => {
    const before = drawn.get(id);
    if (!before) return true;
    if (!inView(before.at) && !inView(unit.at)) return false;
    const turned = Math.abs(((unit.heading - before.heading + 540) % 360) - 180) >= visibleDegrees;
    return turned || unit.look !== before.look || distanceMeters(before.at, unit.at) >= pixelMeters;
  });
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
