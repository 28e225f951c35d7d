import { type Static, Type } from 'typebox';
import type { ValueIssue } from '../shared/check-value.ts';
import type { AreasGeoJson } from './area-feature.ts';
import { WrittenPoint } from './datum.ts';
import { AnyFeatureCollection, type LonLat } from './geojson.ts';
import type { Carriageway, RoadFeature, RoadsGeoJson } from './road-feature.ts';
import { RoadLine } from './road-line.ts';

/** `map` of tianliang.yaml: where the wall opens and what it is called. */
export const MapConfig = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 80, default: '天亮' }),
    center: Type.Unsafe<WrittenPoint>({ ...WrittenPoint, default: { lat: 35.86, lon: 104.2 } }),
    zoom: Type.Number({ minimum: 0, maximum: 22, default: 4 }),
  },
  { additionalProperties: false, default: {} },
);
export type MapConfig = Static<typeof MapConfig>;

/** What `land.geojson` holds: water, forest, towns, relief and place names to draw under the roads. Optional. */
export const LandGeoJson = AnyFeatureCollection;
export type LandGeoJson = Static<typeof LandGeoJson>;

/** What no schema can say about roads.geojson: calibrations in order, openings where a median is, ramps without sides. */
export function roadIssues({ features }: RoadsGeoJson): ValueIssue[] {
  return features.flatMap((feature, index) => {
    const at = ['features', index, 'properties'] as const;
    return [
      ...stakesIssue(feature).map((message) => issue([...at, 'stakes'], message)),
      ...rampIssue(feature).map((message) => issue([...at, 'carriageway'], message)),
      ...openingIssues(feature, features).map(({ opening, message }) =>
        issue([...at, 'emergencyOpenings', opening], message),
      ),
    ];
  });
}

/** What no schema can say about areas.geojson: ids once, rings closed. */
export function areaIssues({ features }: AreasGeoJson): ValueIssue[] {
  const seen = new Set<string>();
  return features.flatMap(({ properties, geometry }, index) => {
    const twice = seen.has(properties.id);
    seen.add(properties.id);
    const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
    return [
      ...(twice ? [issue(['features', index, 'properties', 'id'], 'expected an id that no other area has')] : []),
      ...(rings.every(isClosed)
        ? []
        : [issue(['features', index, 'geometry'], 'expected rings that end where they begin')]),
    ];
  });
}

function stakesIssue({ properties, geometry }: RoadFeature): string[] {
  const stakes = properties.stakes ?? [];
  const rising = stakes.every(([meters, vertex], index) => {
    const [before, vertexBefore] = stakes[index - 1] ?? [-1, -1];
    return meters > before && vertex > vertexBefore;
  });
  if (!rising) return ['expected metres and vertices that rise from pair to pair; reverse the line if its stakes fall'];
  const last = stakes.at(-1)?.[1] ?? 0;
  const vertices = geometry.coordinates.length;
  return last < vertices ? [] : [`expected vertices under ${vertices}, which is how many the line has`];
}

function rampIssue({ properties: { ramp, carriageway } }: RoadFeature): string[] {
  return ramp && carriageway ? ['expected none: a ramp is one-way as it is drawn'] : [];
}

/** An opening needs a median, and the two sides that it joins. */
function openingIssues({ properties }: RoadFeature, features: readonly RoadFeature[]) {
  const { id, emergencyOpenings = [] } = properties;
  if (emergencyOpenings.length === 0) return [];
  const lines = features.filter((other) => other.properties.id === id).map((feature) => new RoadLine(feature));
  const reaches = (side: Carriageway, meters: number) =>
    lines.some((line) => line.carriageway === side && meters >= line.fromMeters && meters <= line.toMeters);
  const message = 'expected a stake in metres that both carriageways of the road reach';
  return emergencyOpenings.flatMap(([meters], opening) =>
    reaches('up', meters) && reaches('down', meters) ? [] : [{ opening, message }],
  );
}

function isClosed(ring: readonly LonLat[]): boolean {
  const [first, last] = [ring[0], ring.at(-1)];
  return first?.[0] === last?.[0] && first?.[1] === last?.[1];
}

const issue = (path: readonly (string | number)[], message: string): ValueIssue => ({ path, at: 'value', message });
