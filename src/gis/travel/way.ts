import { courseBetween } from '../along-line.ts';
import type { LonLat } from '../geojson.ts';
import type { Carriageway } from '../road-feature.ts';
import type { MedianOpening } from './median-openings.ts';
import type { Leg } from './times-to.ts';

/** What a way leads over, in order: each road once for as long as it is followed, and the openings between. */
export type WayPart =
  | { readonly road: string; readonly name?: string; readonly carriageway?: Carriageway; readonly ramp: boolean }
  | { readonly opening: MedianOpening };

/** The course of a way, as a GeoJSON LineString has it. */
export function courseOf(legs: readonly Leg[]): LonLat[] {
  const course: LonLat[] = [];
  for (const leg of legs) {
    if ('opening' in leg) continue;
    for (const pair of courseBetween(leg.line, leg.from, leg.to)) {
      const before = course.at(-1);
      if (before?.[0] !== pair[0] || before?.[1] !== pair[1]) course.push(pair);
    }
  }
  return course;
}

export function partsOf(legs: readonly Leg[]): WayPart[] {
  const parts: WayPart[] = [];
  for (const leg of legs) {
    if ('opening' in leg) {
      parts.push({ opening: leg.opening });
      continue;
    }
    const { road, carriageway, properties } = leg.line;
    const { name, ramp = false } = properties;
    const before = parts.at(-1);
    if (before && 'road' in before && before.road === road && before.carriageway === carriageway) continue;
    parts.push({ road, ramp, ...(name !== undefined && { name }), ...(carriageway && { carriageway }) });
  }
  return parts;
}
