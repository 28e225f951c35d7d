import { firstAtLeast } from './first-at-least.ts';
import type { LonLat } from './geojson.ts';
import type { GeoPoint } from './point.ts';
import { between, type RoadLine } from './road-line.ts';

/** The point so many metres along the line from its first vertex. */
export function pointAlong({ points, lengths }: RoadLine, meters: number): GeoPoint {
  const end = Math.max(1, firstAtLeast(lengths, meters));
  const [a, b] = [points[end - 1], points[end]];
  const [from = 0, to = 0] = [lengths[end - 1], lengths[end]];
  if (!a || !b) return points[0] ?? { lat: 0, lon: 0 };
  return between(a, b, to === from ? 0 : Math.max(0, Math.min(1, (meters - from) / (to - from))));
}

/** Metres along the line to where the stake stands; undefined when the line does not reach it. */
export function metersAtStake({ stakes, lengths, fromMeters, toMeters }: RoadLine, stake: number): number | undefined {
  if (!(stake >= fromMeters && stake <= toMeters)) return undefined;
  const end = Math.max(1, firstAtLeast(stakes, stake));
  const [low = 0, high = 0] = [stakes[end - 1], stakes[end]];
  const [from = 0, to = 0] = [lengths[end - 1], lengths[end]];
  return from + (high === low ? 0 : (stake - low) / (high - low)) * (to - from);
}

/** The line's own course between two places on it, in the order in which they are given. */
export function courseBetween(line: RoadLine, from: number, to: number): LonLat[] {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const within = line.points.filter((_, index) => {
    const at = line.lengths[index] ?? 0;
    return at > low && at < high;
  });
  const course = [pointAlong(line, low), ...within, pointAlong(line, high)].map(({ lat, lon }): LonLat => [lon, lat]);
  return from <= to ? course : course.reverse();
}
