import type { Bounds } from './bounds.ts';
import type { GeoPoint } from './point.ts';
import { containsPoint, type Edge, type PreparedPolygon } from './polygon.ts';

/** The common ground is cut into so many bands from south to north: an edge is compared with those of its bands only. */
const bandCount = 32;
/** How far from where two borders cross a point inside both is looked for, in parts of the shorter edge. */
const steps = [0.2, 1e-2, 1e-4, 1e-6, 1e-8];

/** From west to east, at one latitude. */
type Stretch = readonly [west: number, east: number];

/** The edges of both polygons that reach into one band. */
interface Band {
  readonly middle: number;
  readonly one: readonly Edge[];
  readonly other: readonly Edge[];
}

/** A point inside both polygons; undefined when they have no ground in common. Borders that only touch are not common. */
export function commonPoint(one: PreparedPolygon, other: PreparedPolygon): GeoPoint | undefined {
  const common = commonBounds(one.bounds, other.bounds);
  if (!common) return undefined;
  const bands = bandsOf(one, other, common);
  return scannedPoint(bands) ?? pointAtCrossing(one, other, bands);
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

function bandsOf(one: PreparedPolygon, other: PreparedPolygon, common: Bounds): Band[] {
  const [ofOne, ofOther] = [inBands(one, common), inBands(other, common)];
  const height = (common.north - common.south) / bandCount;
  return ofOne.map((edges, band) => ({
    middle: common.south + (band + 0.5) * height,
    one: edges,
    other: ofOther[band] ?? [],
  }));
}

function inBands({ edges }: PreparedPolygon, { south, north }: Bounds): Edge[][] {
  const bands: Edge[][] = Array.from({ length: bandCount }, () => []);
  const bandOf = (lat: number) => Math.floor(((lat - south) / (north - south)) * bandCount);
  for (const edge of edges) {
    const [[, aLat], [, bLat]] = edge;
    const last = Math.min(bandCount - 1, bandOf(Math.max(aLat, bLat)));
    for (let band = Math.max(0, bandOf(Math.min(aLat, bLat))); band <= last; band += 1) bands[band]?.push(edge);
  }
  return bands;
}

/** The middle of the widest common stretch of a band's middle line is well inside. */
function scannedPoint(bands: readonly Band[]): GeoPoint | undefined {
  let widest = 0;
  let found: GeoPoint | undefined;
  for (const { middle, one, other } of bands) {
    for (const [west, east] of commonStretches(stretchesAt(one, middle), stretchesAt(other, middle))) {
      if (east - west <= widest) continue;
      widest = east - west;
      found = { lat: middle, lon: (west + east) / 2 };
    }
  }
  return found;
}

/** Where a polygon lies under an east-west line; holes interrupt it. */
function stretchesAt(edges: readonly Edge[], lat: number): Stretch[] {
  const crossings: number[] = [];
  for (const [[aLon, aLat], [bLon, bLat]] of edges) {
    if (aLat > lat !== bLat > lat) crossings.push(aLon + ((lat - aLat) / (bLat - aLat)) * (bLon - aLon));
  }
  crossings.sort((a, b) => a - b);
  return Array.from({ length: Math.floor(crossings.length / 2) }, (_, pair) => [
    crossings[2 * pair] ?? 0,
    crossings[2 * pair + 1] ?? 0,
  ]);
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
function pointAtCrossing(one: PreparedPolygon, other: PreparedPolygon, bands: readonly Band[]): GeoPoint | undefined {
  const isCommon = (point: GeoPoint) => containsPoint(one, point) && containsPoint(other, point);
  for (const band of bands) {
    for (const edge of band.one) {
      for (const crossing of band.other) {
        const found = cornersAtCrossing(edge, crossing).find(isCommon);
        if (found) return found;
      }
    }
  }
  return undefined;
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
