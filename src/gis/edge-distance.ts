import type { Bounds } from './bounds.ts';
import { growBounds, isInBounds } from './bounds.ts';
import { metersPerDegree } from './distance.ts';
import type { LonLat } from './geojson.ts';
import type { GeoPoint } from './point.ts';
import { containsPoint, type PreparedPolygon } from './polygon.ts';

/** East and north of some point, metres. */
type Offset = readonly [x: number, y: number];

/**
 * How far inside of the polygons the point lies, metres to the nearest edge; negative outside. Beyond `reachMeters` of
 * all of them it is only known to be further away than that.
 */
export function depthMeters(polygons: readonly PreparedPolygon[], point: GeoPoint, reachMeters: number): number {
  const depths = polygons
    .filter(({ bounds }) => isNear(bounds, point, reachMeters))
    .map((polygon) => {
      const meters = edgeDistanceMeters(polygon, point);
      return containsPoint(polygon, point) ? meters : -meters;
    });
  return Math.max(Number.NEGATIVE_INFINITY, ...depths);
}

function isNear(bounds: Bounds, point: GeoPoint, reachMeters: number): boolean {
  return isInBounds(growBounds(bounds, reachMeters), point);
}

/** To the nearest edge of any ring, on the plane that touches the Earth at the point. */
function edgeDistanceMeters({ rings }: PreparedPolygon, point: GeoPoint): number {
  const perLon = metersPerDegree * Math.cos((point.lat * Math.PI) / 180);
  const offsetOf = ([lon, lat]: LonLat): Offset => [(lon - point.lon) * perLon, (lat - point.lat) * metersPerDegree];
  let nearest = Number.POSITIVE_INFINITY;
  for (const ring of rings) {
    let before: Offset | undefined;
    for (const vertex of ring) {
      const here = offsetOf(vertex);
      nearest = Math.min(nearest, distanceToSegment(before ?? here, here));
      before = here;
    }
  }
  return nearest;
}

/** From the origin. */
function distanceToSegment([ax, ay]: Offset, [bx, by]: Offset): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length));
  return Math.hypot(ax + part * dx, ay + part * dy);
}
