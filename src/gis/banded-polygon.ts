import { isInBounds } from './bounds.ts';
import type { GeoPoint } from './point.ts';
import { type Edge, type PreparedPolygon, preparePolygon } from './polygon.ts';

/** From south to north a polygon is cut into so many bands: a line from west to east meets edges of its band only. */
const bandCount = 32;

/** A polygon that is compared again and again. */
export interface BandedPolygon extends PreparedPolygon {
  /** The edges that reach into each band, from the south. */
  readonly bands: readonly (readonly Edge[])[];
}

export function bandPolygon(rings: PreparedPolygon['rings']): BandedPolygon {
  const polygon = preparePolygon(rings);
  const { south, north } = polygon.bounds;
  return { ...polygon, bands: edgesInBands(polygon.edges, south, north) };
}

/** All edges that an east-west line may cross, and some that it does not. */
export function edgesNear({ bands, bounds }: BandedPolygon, lat: number): readonly Edge[] {
  return bands[bandOf(lat, bounds.south, bounds.north)] ?? [];
}

/** As `containsPoint`, with a look at few of the edges. */
export function bandedContains(polygon: BandedPolygon, { lat, lon }: GeoPoint): boolean {
  if (!isInBounds(polygon.bounds, { lat, lon })) return false;
  const east = edgesNear(polygon, lat).filter(([a, b]) => {
    if (a[1] > lat === b[1] > lat) return false;
    return lon < a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0]);
  });
  return east.length % 2 === 1;
}

/** The edges that reach into each band between two latitudes; what lies beyond is in the last band on its side. */
export function edgesInBands(edges: readonly Edge[], south: number, north: number): Edge[][] {
  const bands: Edge[][] = Array.from({ length: bandCount }, () => []);
  for (const edge of edges) {
    const [a, b] = edge;
    const last = bandOf(Math.max(a[1], b[1]), south, north);
    for (let band = bandOf(Math.min(a[1], b[1]), south, north); band <= last; band += 1) bands[band]?.push(edge);
  }
  return bands;
}

function bandOf(lat: number, south: number, north: number): number {
  const band = Math.floor(((lat - south) / (north - south)) * bandCount);
  return Math.max(0, Math.min(bandCount - 1, band));
}
