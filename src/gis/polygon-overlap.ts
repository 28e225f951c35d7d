import type { Bounds } from './bounds.ts';
import type { LonLat } from './geojson.ts';
import type { GeoPoint } from './point.ts';
import { containsPoint, type PreparedPolygon } from './polygon.ts';

/** East-west lines drawn across the ground both may have: the widest common stretch gives a point well inside. */
const scanLines = 32;
/** How far from where two borders cross a point inside both is looked for, in parts of the shorter edge. */
const steps = [0.2, 1e-2, 1e-4, 1e-6, 1e-8];

type Edge = readonly [a: LonLat, b: LonLat];
/** From west to east, at one latitude. */
type Stretch = readonly [west: number, east: number];

/** A point inside both polygons; undefined when they have no ground in common. Borders that only touch are not common. */
export function commonPoint(one: PreparedPolygon, other: PreparedPolygon): GeoPoint | undefined {
  const common = commonBounds(one.bounds, other.bounds);
  if (!common) return undefined;
  return scannedPoint(one, other, common) ?? pointAtCrossing(one, other, common);
}

/** A point well inside the polygon, also when its middle is not. */
export function pointInside(polygon: PreparedPolygon): GeoPoint | undefined {
  return commonPoint(polygon, polygon);
}

function commonBounds(a: Bounds, b: Bounds): Bounds | undefined {
  const west = Math.max(a.west, b.west);
  const south = Math.max(a.south, b.south);
  const east = Math.min(a.east, b.east);
  const north = Math.min(a.north, b.north);
  return west < east && south < north ? { west, south, east, north } : undefined;
}

function scannedPoint(one: PreparedPolygon, other: PreparedPolygon, { south, north }: Bounds): GeoPoint | undefined {
  let widest = 0;
  let found: GeoPoint | undefined;
  for (let line = 0; line < scanLines; line += 1) {
    const lat = south + ((line + 0.5) / scanLines) * (north - south);
    for (const [west, east] of commonStretches(stretchesAt(one, lat), stretchesAt(other, lat))) {
      if (east - west <= widest) continue;
      widest = east - west;
      found = { lat, lon: (west + east) / 2 };
    }
  }
  return found;
}

/** Where the polygon lies under an east-west line; holes interrupt it. */
function stretchesAt({ rings }: PreparedPolygon, lat: number): Stretch[] {
  const crossings = rings.flatMap((ring) => edgesOf(ring).flatMap((edge) => crossingAt(edge, lat)));
  const sorted = crossings.sort((a, b) => a - b);
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, pair) => [
    sorted[2 * pair] ?? 0,
    sorted[2 * pair + 1] ?? 0,
  ]);
}

function crossingAt([[aLon, aLat], [bLon, bLat]]: Edge, lat: number): number[] {
  if (aLat > lat === bLat > lat) return [];
  return [aLon + ((lat - aLat) / (bLat - aLat)) * (bLon - aLon)];
}

/** Both lists are sorted and free of overlaps, so one walk along both finds all. */
function commonStretches(a: readonly Stretch[], b: readonly Stretch[]): Stretch[] {
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

/** Slivers slip between the lines: where two borders cross, one of the four corners lies in both. */
function pointAtCrossing(one: PreparedPolygon, other: PreparedPolygon, common: Bounds): GeoPoint | undefined {
  const near = (polygon: PreparedPolygon) =>
    polygon.rings.flatMap((ring) => edgesOf(ring).filter((edge) => touches(edge, common)));
  const others = near(other);
  const isCommon = (point: GeoPoint) => containsPoint(one, point) && containsPoint(other, point);
  for (const edge of near(one)) {
    for (const crossing of others) {
      const found = cornersAtCrossing(edge, crossing).find(isCommon);
      if (found) return found;
    }
  }
  return undefined;
}

function touches([[aLon, aLat], [bLon, bLat]]: Edge, { west, south, east, north }: Bounds): boolean {
  if (Math.max(aLon, bLon) < west || Math.min(aLon, bLon) > east) return false;
  return Math.max(aLat, bLat) >= south && Math.min(aLat, bLat) <= north;
}

function cornersAtCrossing([a, b]: Edge, [c, d]: Edge): GeoPoint[] {
  const [ux, uy] = [b[0] - a[0], b[1] - a[1]];
  const [vx, vy] = [d[0] - c[0], d[1] - c[1]];
  const cross = ux * vy - uy * vx;
  if (cross === 0) return [];
  const along = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross;
  const across = ((c[0] - a[0]) * uy - (c[1] - a[1]) * ux) / cross;
  if (along < 0 || along > 1 || across < 0 || across > 1) return [];
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

/** The ring's edges; a ring ends where it begins. */
function edgesOf(ring: readonly LonLat[]): Edge[] {
  return ring.slice(0, -1).flatMap((a, index): Edge[] => {
    const b = ring[index + 1];
    return b ? [[a, b]] : [];
  });
}
