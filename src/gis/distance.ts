import type { GeoPoint } from './point.ts';

/** Mean radius of the Earth (IUGG). On a sphere distances are right to 0.5 %. */
export const earthRadiusMeters = 6_371_008.8;
export const metersPerDegree = (Math.PI / 180) * earthRadiusMeters;

const radians = (degrees: number) => (degrees * Math.PI) / 180;
const degrees = (angle: number) => (angle * 180) / Math.PI;

/** Great-circle distance (haversine). */
export function distanceMeters(a: GeoPoint, b: GeoPoint): number {
  const sinLat = Math.sin(radians(b.lat - a.lat) / 2);
  const sinLon = Math.sin(radians(b.lon - a.lon) / 2);
  const h = sinLat * sinLat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * sinLon * sinLon;
  return 2 * earthRadiusMeters * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The way to set out from `a` to reach `b`: degrees from north, clockwise, 0 ≤ x < 360. */
export function bearingDegrees(a: GeoPoint, b: GeoPoint): number {
  const dLon = radians(b.lon - a.lon);
  const east = Math.sin(dLon) * Math.cos(radians(b.lat));
  const north =
    Math.cos(radians(a.lat)) * Math.sin(radians(b.lat)) -
    Math.sin(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.cos(dLon);
  return normalDegrees(degrees(Math.atan2(east, north)));
}

/** Where one arrives going `meters` on a great circle that sets out at `bearing` degrees. */
export function destination(from: GeoPoint, bearing: number, meters: number): GeoPoint {
  const arc = meters / earthRadiusMeters;
  const lat = radians(from.lat);
  const sinLat = Math.sin(lat) * Math.cos(arc) + Math.cos(lat) * Math.sin(arc) * Math.cos(radians(bearing));
  const east = Math.sin(radians(bearing)) * Math.sin(arc) * Math.cos(lat);
  const lon = from.lon + degrees(Math.atan2(east, Math.cos(arc) - Math.sin(lat) * sinLat));
  return { lat: degrees(Math.asin(Math.max(-1, Math.min(1, sinLat)))), lon: normalLongitude(lon) };
}

/** The smaller angle between two directions, 0 to 180 degrees. */
export function angleBetween(a: number, b: number): number {
  const turn = normalDegrees(a - b);
  return Math.min(turn, 360 - turn);
}

function normalDegrees(angle: number): number {
  const turn = angle % 360;
  // -1e-15 + 360 is 360, which is 0.
  return turn < 0 ? (turn + 360) % 360 : turn;
}

const normalLongitude = (lon: number) => (lon >= -180 && lon <= 180 ? lon : normalDegrees(lon + 180) - 180);
