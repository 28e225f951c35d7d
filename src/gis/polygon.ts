import { type Bounds, boundsOf, isInBounds } from './bounds.ts';
import type { LonLat } from './geojson.ts';
import type { GeoPoint } from './point.ts';

type Ring = readonly LonLat[];
export type Edge = readonly [a: LonLat, b: LonLat];

/** A polygon with its box, so that most points are refused by four comparisons. Degrees are taken as a plane. */
export interface PreparedPolygon {
  readonly rings: readonly Ring[];
  readonly edges: readonly Edge[];
  readonly bounds: Bounds;
}

export function preparePolygon(rings: readonly Ring[]): PreparedPolygon {
  return { rings, edges: rings.flatMap(edgesOf), bounds: boundsOf(rings[0] ?? []) };
}

/** Inside the outer ring and in no hole. A point on the line itself may be either. */
export function containsPoint({ rings, bounds }: PreparedPolygon, point: GeoPoint): boolean {
  if (!isInBounds(bounds, point)) return false;
  const crossings = rings.reduce((count, ring) => count + crossingsOf(ring, point), 0);
  return crossings % 2 === 1;
}

/** How often a ray to the east crosses the ring: odd means inside, and holes take care of themselves. */
function crossingsOf(ring: Ring, { lat, lon }: GeoPoint): number {
  let count = 0;
  let previous = ring.at(-1);
  for (const current of ring) {
    if (previous && crosses(previous, current, { lat, lon })) count += 1;
    previous = current;
  }
  return count;
}

function crosses([aLon, aLat]: LonLat, [bLon, bLat]: LonLat, { lat, lon }: GeoPoint): boolean {
  if (aLat > lat === bLat > lat) return false;
  return lon < aLon + ((lat - aLat) / (bLat - aLat)) * (bLon - aLon);
}

/** The ring's edges; a ring ends where it begins. */
function edgesOf(ring: readonly LonLat[]): Edge[] {
  return ring.slice(0, -1).flatMap((a, index): Edge[] => {
    const b = ring[index + 1];
    return b ? [[a, b]] : [];
  });
}
