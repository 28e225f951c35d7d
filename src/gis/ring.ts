import type { LonLat } from './geojson.ts';

/** The closed ring with its inside on the left, as the outer ring of a GeoJSON polygon must be (RFC 7946 §3.1.6). */
export function counterclockwise(ring: readonly LonLat[]): readonly LonLat[] {
  return doubleArea(ring) < 0 ? ring.toReversed() : ring;
}

/** Twice the area in square degrees, negative for a clockwise ring (the shoelace formula). */
function doubleArea(ring: readonly LonLat[]): number {
  const [originLon = 0, originLat = 0] = ring[0] ?? [];
  return ring.reduce((sum, [lon, lat], index) => {
    const [nextLon, nextLat] = ring[index + 1] ?? [originLon, originLat];
    return sum + (lon - originLon) * (nextLat - originLat) - (nextLon - originLon) * (lat - originLat);
  }, 0);
}
