import type { Position } from '../api/shapes.ts';

const earthMeters = 6_371_008.8;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance. */
export function distanceMeters(a: Position, b: Position): number {
  const dLat = radians(b.lat - a.lat);
  const dLon = radians(b.lon - a.lon);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * earthMeters * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The point `meters` away in a compass direction; exact enough under 20 km. */
export function pointAt(from: Position, bearing: number, meters: number): Position {
  const north = (meters * Math.cos(radians(bearing))) / earthMeters;
  const east = (meters * Math.sin(radians(bearing))) / (earthMeters * Math.cos(radians(from.lat)));
  return { lat: from.lat + (north * 180) / Math.PI, lon: from.lon + (east * 180) / Math.PI };
}

/** Compass direction from one point to another, 0 to 360. */
export function bearingTo(from: Position, to: Position): number {
  const east = (to.lon - from.lon) * Math.cos(radians(from.lat));
  return ((Math.atan2(east, to.lat - from.lat) * 180) / Math.PI + 360) % 360;
}

/** Closed ring of a camera's sector: `angle` degrees wide around `bearing`, `meters` deep; [lon, lat] pairs (RFC 7946). */
export function sectorRing(from: Position, bearing: number, view: { angle: number; meters: number }): number[][] {
  const steps = 12;
  const arc = Array.from({ length: steps + 1 }, (_, index) => {
    const point = pointAt(from, bearing - view.angle / 2 + (view.angle * index) / steps, view.meters);
    return [point.lon, point.lat];
  });
  const apex = [from.lon, from.lat];
  return [apex, ...arc, apex];
}

/** Closed ring of a circle around a point; [lon, lat] pairs. */
export function circleRing(from: Position, meters: number): number[][] {
  return Array.from({ length: 37 }, (_, index) => {
    const point = pointAt(from, index * 10, meters);
    return [point.lon, point.lat];
  });
}
