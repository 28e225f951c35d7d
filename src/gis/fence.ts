import { type AreaFeature, type AreasGeoJson, polygonsOf } from './area-feature.ts';
import { type PreparedPolygon, preparePolygon } from './polygon.ts';

/** An area whose crossing is an event. */
export interface Fence {
  readonly id: string;
  readonly name: string;
  /** Watched for every unit (`fence: true`), not only for those that belong to the area. */
  readonly forAll: boolean;
  readonly polygons: readonly PreparedPolygon[];
}

/** Every area may be one: whose crossing counts for whom is the watcher's to decide. */
export function fencesOf({ features }: AreasGeoJson): Fence[] {
  return features.map((feature) => ({ ...named(feature), polygons: polygonsOf(feature).map(preparePolygon) }));
}

function named({ properties: { id, name, fence = false } }: AreaFeature) {
  return { id, name, forAll: fence };
}
