import { metersPerDegree } from './distance.ts';
import type { LonLat } from './geojson.ts';
import type { GeoPoint } from './point.ts';

/** Degrees. A box that crosses the antimeridian is not supported: no road of ours does. */
export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The box of a GeoJSON `bbox`: west, south, east, north (RFC 7946 §5). */
export function boundsOfBbox([west, south, east, north]: readonly [number, number, number, number]): Bounds {
  return { west, south, east, north };
}

/** The smallest box around the pairs; around none, a box that holds nothing. */
export function boundsOf(pairs: Iterable<LonLat>): Bounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of pairs) {
    west = Math.min(west, lon);
    south = Math.min(south, lat);
    east = Math.max(east, lon);
    north = Math.max(north, lat);
  }
  return { west, south, east, north };
}

export function isInBounds({ west, south, east, north }: Bounds, { lat, lon }: GeoPoint): boolean {
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

/** The box grown on every side by `meters`. */
export function growBounds({ west, south, east, north }: Bounds, meters: number): Bounds {
  const lat = meters / metersPerDegree;
  const widest = Math.min(89.9, Math.max(Math.abs(south), Math.abs(north)));
  const lon = lat / Math.cos((widest * Math.PI) / 180);
  return { west: west - lon, south: south - lat, east: east + lon, north: north + lat };
}
