import { type AreasGeoJson, polygonsOf } from './area-feature.ts';
import type { GeoPoint } from './point.ts';
import { containsPoint, type PreparedPolygon, preparePolygon } from './polygon.ts';

export interface Area {
  readonly id: string;
  readonly name: string;
}

/** Whose ground a point is on. */
export class Areas {
  readonly #areas: readonly { readonly area: Area; readonly polygons: readonly PreparedPolygon[] }[];

  constructor({ features }: AreasGeoJson) {
    this.#areas = features.map((feature) => ({
      area: { id: feature.properties.id, name: feature.properties.name },
      polygons: polygonsOf(feature).map(preparePolygon),
    }));
  }

  list(): readonly Area[] {
    return this.#areas.map(({ area }) => area);
  }

  /** The id of the first area around the point. */
  areaOf(point: GeoPoint): string | undefined {
    return this.#areas.find(({ polygons }) => polygons.some((polygon) => containsPoint(polygon, point)))?.area.id;
  }
}
