import { metersPerDegree } from '../gis/distance.ts';
import type { GeoPoint } from '../gis/point.ts';

/** Where a unit was at a time. */
export interface TrackPoint extends GeoPoint {
  readonly at: Date;
}

export interface SimplifiedTrack {
  /** Each without a gap in time. */
  readonly lines: readonly (readonly TrackPoint[])[];
  /** The furthest a point that was left out may lie from its line. */
  readonly toleranceMeters: number;
  /** The silence after which a new line begins. */
  readonly gapMs: number;
}

const usualGapMs = 5 * 60_000;

/**
 * The track with at most `most` points: those that tell least are left out first, so that the tolerance rises above what
 * was asked only as far as it must. Where silences alone make more lines than fit, longer ones count.
 */
export function simplifyTrack(points: readonly TrackPoint[], toleranceMeters: number, most: number): SimplifiedTrack {
  let gapMs = usualGapMs;
  let lines = linesOf(points, gapMs);
  while (endsOf(lines) > most) {
    gapMs *= 2;
    lines = linesOf(points, gapMs);
  }
  const weighed = lines.map((line) => ({ line, weights: weightsOf(line) }));
  const heaviest = Float64Array.from(weighed.flatMap(({ weights }) => [...weights]))
    .sort()
    .toReversed();
  const lone = lines.filter(({ length }) => length === 1).length;
  const used = Math.max(toleranceMeters, heaviest[most - lone] ?? 0);
  return {
    lines: weighed.map(({ line, weights }) => line.filter((_, index) => (weights[index] ?? 0) > used)),
    toleranceMeters: used,
    gapMs,
  };
}

function linesOf(points: readonly TrackPoint[], gapMs: number): TrackPoint[][] {
  const lines: TrackPoint[][] = [];
  let last: TrackPoint | undefined;
  for (const point of points) {
    const line = lines.at(-1);
    if (line && last && point.at.getTime() - last.at.getTime() <= gapMs) line.push(point);
    else lines.push([point]);
    last = point;
  }
  return lines;
}

/** What stays whatever the tolerance. A lone point is drawn as a line to itself. */
const endsOf = (lines: readonly (readonly TrackPoint[])[]) => 2 * lines.length;

/**
 * How much each point tells, metres: the tolerance from which Douglas and Peucker (1973) would leave it out. A stack of
 * our own, since a track may be deeper than the one of calls.
 */
function weightsOf(line: readonly TrackPoint[]): Float64Array {
  const plane = planeOf(line);
  const weights = new Float64Array(line.length);
  weights.fill(Number.POSITIVE_INFINITY, 0, 1);
  weights.fill(Number.POSITIVE_INFINITY, line.length - 1);
  const open = [{ from: 0, to: line.length - 1, atMost: Number.POSITIVE_INFINITY }];
  for (let span = open.pop(); span; span = open.pop()) {
    const { from, to } = span;
    const { index, meters } = furthest(plane, from, to);
    if (index === undefined) continue;
    // A point cannot outlast the one its stretch ends at.
    const atMost = Math.min(span.atMost, meters);
    weights[index] = atMost;
    open.push({ from, to: index, atMost }, { from: index, to, atMost });
  }
  return weights;
}

/** Metres east and north of the first point; a stretch of road is small enough for a plane. */
interface Plane {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function planeOf(line: readonly TrackPoint[]): Plane {
  const { lat = 0, lon = 0 } = line[0] ?? {};
  const perLon = metersPerDegree * Math.cos((lat * Math.PI) / 180);
  return {
    x: Float64Array.from(line, (point) => (point.lon - lon) * perLon),
    y: Float64Array.from(line, (point) => (point.lat - lat) * metersPerDegree),
  };
}

/** The point between that lies furthest from the stretch; undefined when there is none between. */
function furthest({ x, y }: Plane, from: number, to: number): { readonly index?: number; readonly meters: number } {
  let [found, squared] = [from, -1];
  const [ax = 0, ay = 0, bx = 0, by = 0] = [x[from], y[from], x[to], y[to]];
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  for (let index = from + 1; index < to; index += 1) {
    const [px, py] = [(x[index] ?? 0) - ax, (y[index] ?? 0) - ay];
    const part = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
    const [ox, oy] = [px - part * dx, py - part * dy];
    const off = ox * ox + oy * oy;
    if (off > squared) [found, squared] = [index, off];
  }
  return squared < 0 ? { meters: 0 } : { index: found, meters: Math.sqrt(squared) };
}
