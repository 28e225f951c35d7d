/** What everything is placed by: the roads, which may be replaced while all runs, and the areas. */
import type { AreasGeoJson } from './gis/area-feature.ts';
import { Areas } from './gis/areas.ts';
import { type Place, placeOf, type Whereabouts } from './gis/place.ts';
import type { RoadsGeoJson } from './gis/road-feature.ts';
import { Roads } from './gis/roads.ts';
import { RoadGraph } from './gis/travel/road-graph.ts';

export class Ground {
  readonly areas: Areas;
  #roads: Roads;
  #graph: RoadGraph;

  constructor(roads: RoadsGeoJson, areas: AreasGeoJson) {
    this.areas = new Areas(areas);
    this.#roads = new Roads(roads);
    this.#graph = new RoadGraph(this.#roads);
  }

  /** The roads as they are driven. */
  readonly graph = (): RoadGraph => this.#graph;

  readonly find = (given: Whereabouts): Place => placeOf({ roads: this.#roads, areas: this.areas }, given);

  /** From now on these are the roads. What was placed before keeps its place until it is placed again. */
  configure(roads: RoadsGeoJson): void {
    const wanted = new Roads(roads);
    this.#graph = new RoadGraph(wanted);
    this.#roads = wanted;
  }
}
