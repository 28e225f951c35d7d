import { type AreasGeoJson, polygonsOf } from './area-feature.ts';
import type { GeoPoint } from './point.ts';
import { containsPoint, type PreparedPolygon, preparePolygon } from './polygon.ts';
import { commonPoint, pointInside } from './polygon-overlap.ts';

export interface Area {
  readonly id: string;
  readonly name: string;
}

/** An area that something concerns, and a point inside both. */
export interface SharedGround {
  readonly area: string;
  readonly point: GeoPoint;
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

  /** Every area that has ground in common with any of the outlines. */
  sharedWith(outlines: readonly PreparedPolygon[]): SharedGround[] {
    return this.#areas.flatMap(({ area, polygons }) => {
      const point = firstOf(polygons, (own) => firstOf(outlines, (outline) => commonPoint(own, outline)));
      return point ? [{ area: area.id, point }] : [];
    });
  }

  /** A point well inside the area; undefined when there is no such area. */
  pointIn(id: string): GeoPoint | undefined {
    return firstOf(this.polygonsOf(id), pointInside);
  }

  /** The pieces of an area; none when there is no such area. */
  polygonsOf(id: string): readonly PreparedPolygon[] {
    return this.#areas.find(({ area }) => area.id === id)?.polygons ?? [];
  }
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
