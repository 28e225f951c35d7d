import { type Bounds, growBounds } from './bounds.ts';
import { angleBetween, metersPerDegree } from './distance.ts';
import type { GeoPoint } from './point.ts';
import type { Segment } from './segment-grid.ts';

/** The point of a segment that is nearest to another one. */
export interface Foot {
  readonly segment: Segment;
  /** 0 at the segment's beginning, 1 at its end. */
  readonly part: number;
  readonly meters: number;
  /** Metres, more where the heading goes another way than the traffic there. */
  readonly cost: number;
}

export interface Seen {
  readonly point: GeoPoint;
  /** Degrees from north. */
  readonly heading: number | undefined;
  readonly reachMeters: number;
}

/** Carriageways and crossing roads lie closer than a receiver's error: going quite another way counts as being this much farther. */
const otherWayMeters = 20;
const quiteAnotherWayDegrees = 45;

/** Of each segment within reach; on a plane: over 100 m the Earth is flat to a millimetre. */
export function feetOn(segments: readonly Segment[], { point, heading, reachMeters }: Seen): Foot[] {
  const around = growBounds({ west: point.lon, south: point.lat, east: point.lon, north: point.lat }, reachMeters);
  // What a degree of longitude is worth there.
  const shrink = Math.cos((point.lat * Math.PI) / 180);
  const feet: Foot[] = [];
  for (const segment of segments) {
    // Most of a grid's cell is out of reach, and this is cheap to see.
    if (isOutside(segment, around)) continue;
    const part = partOf(segment, point, shrink);
    const meters = metersTo(segment, part, { point, shrink });
    if (meters > reachMeters) continue;
    const turned = heading === undefined ? 0 : Math.min(1, turnedFrom(segment, heading) / quiteAnotherWayDegrees);
    feet.push({ segment, part, meters, cost: meters + otherWayMeters * turned });
  }
  return feet;
}

function isOutside({ a, b }: Segment, { west, south, east, north }: Bounds): boolean {
  return (
    (a.lat > north && b.lat > north) ||
    (a.lat < south && b.lat < south) ||
    (a.lon > east && b.lon > east) ||
    (a.lon < west && b.lon < west)
  );
}

/** How far along the segment its nearest point is, 0 to 1. */
function partOf({ a, b }: Segment, point: GeoPoint, shrink: number): number {
  const dx = (b.lon - a.lon) * shrink;
  const dy = b.lat - a.lat;
  const length = dx * dx + dy * dy;
  const along = (point.lon - a.lon) * shrink * dx + (point.lat - a.lat) * dy;
  return length === 0 ? 0 : Math.max(0, Math.min(1, along / length));
}

function metersTo(
  { a, b }: Segment,
  part: number,
  from: { readonly point: GeoPoint; readonly shrink: number },
): number {
  const dx = (a.lon + (b.lon - a.lon) * part - from.point.lon) * from.shrink;
  const dy = a.lat + (b.lat - a.lat) * part - from.point.lat;
  return Math.sqrt(dx * dx + dy * dy) * metersPerDegree;
}

/** How far the heading is turned from the way traffic goes there, degrees. */
function turnedFrom({ line: { driving }, rising }: Segment, heading: number): number {
  const along = driving.along ? angleBetween(heading, rising) : 180;
  const against = driving.against ? angleBetween(heading, rising + 180) : 180;
  return Math.min(along, against);
}

/** How far along its line the foot is, from the line's first vertex. */
export function metersOfFoot({ segment: { line, index }, part }: Foot): number {
  const [from = 0, to = 0] = [line.lengths[index], line.lengths[index + 1]];
  return from + (to - from) * part;
}
