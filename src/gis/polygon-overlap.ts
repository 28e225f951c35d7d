import { type BandedPolygon, bandedContains, edgesInBands, edgesNear } from './banded-polygon.ts';
import type { Bounds } from './bounds.ts';
import { EdgeBudget } from './edge-budget.ts';
import type { GeoPoint } from './point.ts';
import type { Edge } from './polygon.ts';

/** The common ground is looked at along so many lines from west to east. */
const lineCount = 32;
/** How far from where two borders cross a point inside both is looked for, in parts of the shorter edge. */
const steps = [0.2, 1e-2, 1e-4, 1e-6, 1e-8];
/** A sliver of two polygons is looked for with no more than so many edges; borders of this Earth take a tenth of that. */
const mostForSliver = 200_000;

/** From west to east, at one latitude. */
type Stretch = readonly [west: number, east: number];

interface Pair {
  readonly one: BandedPolygon;
  readonly other: BandedPolygon;
  readonly budget: EdgeBudget;
}

/** A point inside both polygons; undefined when they have no ground in common. Borders that only touch are not common. */
export function commonPoint(one: BandedPolygon, other: BandedPolygon): GeoPoint | undefined {
  return wideCommonPoint(one, other) ?? sliverPoint(one, other);
}

/** A point well inside the polygon, also when its middle is not. */
export function pointInside(polygon: BandedPolygon): GeoPoint | undefined {
  return commonPoint(polygon, polygon);
}

function commonBounds(a: Bounds, b: Bounds): Bounds | undefined {
  const west = Math.max(a.west, b.west);
  const south = Math.max(a.south, b.south);
  const east = Math.min(a.east, b.east);
  const north = Math.min(a.north, b.north);
  return west < east && south < north ? { west, south, east, north } : undefined;
}

/** A point well inside both polygons: the middle of their widest common stretch. Slips over ground between the lines. */
export function wideCommonPoint(one: BandedPolygon, other: BandedPolygon, budget = new EdgeBudget()) {
  const common = commonBounds(one.bounds, other.bounds);
  if (!budget.spend(1) || !common) return undefined;
  let widest = 0;
  let found: GeoPoint | undefined;
  for (let line = 0; line < lineCount; line += 1) {
    const lat = common.south + ((line + 0.5) * (common.north - common.south)) / lineCount;
    for (const [west, east] of commonStretches({ one, other, budget }, lat, common)) {
      if (east - west <= widest) continue;
      widest = east - west;
      found = { lat, lon: (west + east) / 2 };
    }
  }
  return found;
}

/** The polygon with fewer edges there is asked first: it often has nothing to say. */
function commonStretches({ one, other, budget }: Pair, lat: number, { west, east }: Bounds): Stretch[] {
  const [ofOne, ofOther] = [edgesNear(one, lat), edgesNear(other, lat)];
  const [few, many] = ofOne.length < ofOther.length ? [ofOne, ofOther] : [ofOther, ofOne];
  if (!budget.spend(few.length)) return [];
  const within = stretchesAt(few, lat).filter((stretch) => stretch[0] < east && stretch[1] > west);
  if (within.length === 0 || !budget.spend(many.length)) return [];
  return sharedStretches(within, stretchesAt(many, lat));
}

/** Where a polygon lies under an east-west line; holes interrupt it. */
function stretchesAt(edges: readonly Edge[], lat: number): Stretch[] {
  const crossings: number[] = [];
  for (const [a, b] of edges) {
    if (a[1] > lat !== b[1] > lat) crossings.push(a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
  }
  crossings.sort((a, b) => a - b);
  return Array.from({ length: Math.floor(crossings.length / 2) }, (_, pair) => [
    crossings[2 * pair] ?? 0,
    crossings[2 * pair + 1] ?? 0,
  ]);
}

/** Both lists are sorted and free of overlaps, so one walk along both finds all. */
function sharedStretches(a: readonly Stretch[], b: readonly Stretch[]): Stretch[] {
  const common: Stretch[] = [];
  let [i, j] = [0, 0];
  for (let [one, other] = [a[i], b[j]]; one && other; [one, other] = [a[i], b[j]]) {
    const [west, east] = [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
    if (west < east) common.push([west, east]);
    if (one[1] < other[1]) i += 1;
    else j += 1;
  }
  return common;
}

/** A point inside both, however thin their common ground: where two borders cross, one of the four corners lies in both. */
export function sliverPoint(one: BandedPolygon, other: BandedPolygon, whole = new EdgeBudget()): GeoPoint | undefined {
  const common = commonBounds(one.bounds, other.bounds);
  const budget = whole.part(mostForSliver);
  if (!common || !budget.spend(one.edges.length + other.edges.length)) return undefined;
  const [ofOne, ofOther] = [edgesWithin(one, common), edgesWithin(other, common)];
  for (const [band, edges] of ofOne.entries()) {
    for (const edge of edges) {
      const found = pointAlong(edge, ofOther[band] ?? [], { one, other, budget });
      if (found || budget.isSpent) return found;
    }
  }
  return undefined;
}

function pointAlong(edge: Edge, crossings: readonly Edge[], { one, other, budget }: Pair): GeoPoint | undefined {
  const isCommon = (point: GeoPoint) =>
    budget.spend(edgesNear(one, point.lat).length + edgesNear(other, point.lat).length) &&
    bandedContains(one, point) &&
    bandedContains(other, point);
  if (!budget.spend(crossings.length)) return undefined;
  for (const crossing of crossings) {
    const found = cornersAtCrossing(edge, crossing).find(isCommon);
    if (found || budget.isSpent) return found;
  }
  return undefined;
}

/** In bands; most pairs of neighbours have no edge in each other's box at all. */
function edgesWithin({ edges }: BandedPolygon, { west, south, east, north }: Bounds): Edge[][] {
  const within = edges.filter(
    ([a, b]) =>
      (a[0] >= west || b[0] >= west) &&
      (a[0] <= east || b[0] <= east) &&
      (a[1] >= south || b[1] >= south) &&
      (a[1] <= north || b[1] <= north),
  );
  return edgesInBands(within, south, north);
}

const noCorners: readonly GeoPoint[] = [];

function cornersAtCrossing([a, b]: Edge, [c, d]: Edge): readonly GeoPoint[] {
  const [ux, uy] = [b[0] - a[0], b[1] - a[1]];
  const [vx, vy] = [d[0] - c[0], d[1] - c[1]];
  const cross = ux * vy - uy * vx;
  if (cross === 0) return noCorners;
  const along = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross;
  const across = ((c[0] - a[0]) * uy - (c[1] - a[1]) * ux) / cross;
  if (along < 0 || along > 1 || across < 0 || across > 1) return noCorners;
  const [u, v] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
  const at = { lon: a[0] + along * ux, lat: a[1] + along * uy };
  const corner = (s: number, t: number) => ({
    lon: at.lon + s * (ux / u) + t * (vx / v),
    lat: at.lat + s * (uy / u) + t * (vy / v),
  });
  return steps.flatMap((step) => {
    const far = step * Math.min(u, v);
    return [corner(far, far), corner(far, -far), corner(-far, far), corner(-far, -far)];
  });
}
