import { type AreasGeoJson, polygonsOf } from './area-feature.ts';
import { type BandedPolygon, bandPolygon } from './banded-polygon.ts';
import { EdgeBudget } from './edge-budget.ts';
import type { GeoPoint } from './point.ts';
import { containsPoint } from './polygon.ts';
import { pointInside, sliverPoint, wideCommonPoint } from './polygon-overlap.ts';

export interface Area {
  readonly id: string;
  readonly name: string;
}

/** An area that something concerns, and a point inside both. */
export interface SharedGround {
  readonly area: string;
  readonly point: GeoPoint;
}

type Compare = (own: BandedPolygon, outline: BandedPolygon) => GeoPoint | undefined;

const mostForSlivers = 10_000_000;

/** Whose ground a point is on. */
export class Areas {
  readonly #areas: readonly { readonly area: Area; readonly polygons: readonly BandedPolygon[] }[];

  constructor({ features }: AreasGeoJson) {
    this.#areas = features.map((feature) => ({
      area: { id: feature.properties.id, name: feature.properties.name },
      polygons: polygonsOf(feature).map(bandPolygon),
    }));
  }

  list(): readonly Area[] {
    return this.#areas.map(({ area }) => area);
  }

  /** What people call it; the id of one that is not here. */
  nameOf(id: string): string {
    return this.#areas.find(({ area }) => area.id === id)?.area.name ?? id;
  }

  /** The id of the first area around the point. */
  areaOf(point: GeoPoint): string | undefined {
    return this.#areas.find(({ polygons }) => polygons.some((polygon) => containsPoint(polygon, point)))?.area.id;
  }

  /**
   * Every area that has ground in common with any of the outlines; one that is looked at once the budget is spent is left
   * out. A step for each polygon with each outline: the caller may rest in between.
   */
  *sharedWith(outlines: readonly BandedPolygon[], budget = new EdgeBudget()): Generator<void, SharedGround[]> {
    const shared: SharedGround[] = [];
    // Whoever wastes our time with slivers that are none shall not have us miss an area that is concerned.
    const forSlivers = new EdgeBudget(mostForSlivers);
    const wide: Compare = (own, outline) => wideCommonPoint(own, outline, budget);
    const thin: Compare = (own, outline) => sliverPoint(own, outline, forSlivers);
    for (const { area, polygons } of this.#areas) {
      const point = (yield* firstPoint(polygons, outlines, wide)) ?? (yield* firstPoint(polygons, outlines, thin));
      if (point) shared.push({ area: area.id, point });
    }
    return shared;
  }

  /** A point well inside the area; undefined when there is no such area. */
  pointIn(id: string): GeoPoint | undefined {
    for (const polygon of this.polygonsOf(id)) {
      const point = pointInside(polygon);
      if (point) return point;
    }
    return undefined;
  }

  /** The pieces of an area; none when there is no such area. */
  polygonsOf(id: string): readonly BandedPolygon[] {
    return this.#areas.find(({ area }) => area.id === id)?.polygons ?? [];
  }
}

function* firstPoint(
  polygons: readonly BandedPolygon[],
  outlines: readonly BandedPolygon[],
  compare: Compare,
): Generator<void, GeoPoint | undefined> {
  for (const polygon of polygons) {
    for (const outline of outlines) {
      const point = compare(polygon, outline);
      if (point) return point;
      yield;
    }
  }
  return undefined;
}
