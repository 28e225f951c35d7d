import { destination } from './distance.ts';
import type { LonLat, Polygon } from './geojson.ts';
import type { GeoPoint } from './point.ts';

/** Where a camera looks: degrees from north, the opening angle in degrees, and metres. */
export interface View {
  readonly bearing: number;
  readonly angle: number;
  readonly range: number;
}

const stepDegrees = 5;

/** The ground a view covers: a slice of a circle, or the whole one from 360 degrees on. Counterclockwise (RFC 7946 §3.1.6). */
export function viewSector(position: GeoPoint, { bearing, angle, range }: View): Polygon {
  const open = Math.min(360, angle);
  const steps = Math.max(2, Math.ceil(open / stepDegrees));
  const arc = Array.from({ length: steps + 1 }, (_, step) => {
    const { lon, lat } = destination(position, bearing + open / 2 - (open * step) / steps, range);
    return [lon, lat] as LonLat;
  });
  const start: LonLat = open === 360 ? (arc[0] ?? [position.lon, position.lat]) : [position.lon, position.lat];
  const ring = open === 360 ? [...arc.slice(0, -1), start] : [start, ...arc, start];
  return { type: 'Polygon', coordinates: [ring] };
}
