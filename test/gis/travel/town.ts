import { localFrame } from '../../../src/gis/local-frame.ts';
import type { GeoPoint } from '../../../src/gis/point.ts';
import type { RoadFeature, RoadProperties } from '../../../src/gis/road-feature.ts';
import type { RoadLine } from '../../../src/gis/road-line.ts';
import { Roads } from '../../../src/gis/roads.ts';
import { RoadGraph } from '../../../src/gis/travel/road-graph.ts';
import type { RoadSpot } from '../../../src/gis/travel/road-spot.ts';
import { headsOf, TimesTo, type Trip } from '../../../src/gis/travel/times-to.ts';

const frame = localFrame({ lat: 27, lon: 105 });

type Meters = readonly [east: number, north: number];

export const at = (...meters: Meters): GeoPoint => frame.toPoint(meters);

/** A line through places given in metres; a local road of 36 km/h, which is 10 m a second, unless told. */
export function line(properties: Partial<RoadProperties>, ...places: readonly Meters[]): RoadFeature {
  const coordinates = places.map((place) => {
    const { lat, lon } = frame.toPoint(place);
    return [lon, lat] as const;
  });
  return {
    type: 'Feature',
    properties: { id: 'T', kind: 'local', speed: 36, ...properties },
    geometry: { type: 'LineString', coordinates },
  };
}

export const graphOf = (...features: RoadFeature[]) =>
  new RoadGraph(new Roads({ type: 'FeatureCollection', features }));

/** The spot so many metres along the line of that number. */
export function spotOn(graph: RoadGraph, index: number, meters: number): RoadSpot {
  const found: RoadLine | undefined = graph.roads.lines[index];
  if (!found) throw new Error(`no line ${index}`);
  return { line: found, meters, arcs: graph.arcsAt(found, meters) };
}

export function tripBetween(graph: RoadGraph, from: RoadSpot, to: RoadSpot): Trip | undefined {
  return new TimesTo(graph, to, headsOf([from])).from(from);
}
