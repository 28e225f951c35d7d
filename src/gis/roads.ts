import type { GeoPoint } from './point.ts';
import { misfitMeters, type RoadClue } from './road-clue.ts';
import type { Carriageway, RoadsGeoJson } from './road-feature.ts';
import { type Foot, feetOn } from './road-foot.ts';
import { between, RoadLine } from './road-line.ts';
import { SegmentGrid } from './segment-grid.ts';
import { formatStake } from './stake.ts';

/** A place on a road. */
export interface RoadPlace {
  readonly road: string;
  readonly stakeMeters: number;
  readonly stake: string;
  readonly carriageway?: Carriageway;
  /** From the point asked about to the road's line. */
  readonly distanceMeters: number;
}

/** Farther than this from every line is not on a road. */
export const reachMeters = 100;

/** The roads: stake to point and back. */
export class Roads {
  /** All there are, ramps too. */
  readonly lines: readonly RoadLine[];
  readonly #lines = new Map<string, RoadLine[]>();
  readonly #grid: SegmentGrid;

  constructor({ features }: RoadsGeoJson) {
    this.lines = features.map((feature) => new RoadLine(feature));
    for (const line of this.lines.filter(hasStakes))
      this.#lines.set(line.road, [...(this.#lines.get(line.road) ?? []), line]);
    this.#grid = new SegmentGrid(this.lines, reachMeters);
  }

  has(road: string): boolean {
    return this.#lines.has(road);
  }

  /** Where a stake stands: on its carriageway, or in the middle of a divided road when none is named. */
  pointAt(road: string, stakeMeters: number, carriageway?: Carriageway): GeoPoint | undefined {
    const reaching = (this.#lines.get(road) ?? []).flatMap((line) => {
      const point = line.pointAt(stakeMeters);
      return point ? [{ point, carriageway: line.carriageway }] : [];
    });
    const [first] = reaching;
    const own = reaching.find((each) => each.carriageway === carriageway);
    if (own || carriageway || !first) return (own ?? first)?.point;
    const across = reaching.find((each) => each.carriageway !== first.carriageway) ?? first;
    return between(first.point, across.point, 0.5);
  }

  /** The nearest point of every segment within 100 m. */
  feet(point: GeoPoint, heading?: number): Foot[] {
    return feetOn(this.#grid.near(point), { point, heading, reachMeters });
  }

  /**
   * The place on the nearest road within 100 m. A heading tells carriageways and crossings apart. The road of the clue wins
   * as far as the point may be off; else, the less is known of where it is, the more kind and bearing of a road count.
   */
  locate(point: GeoPoint, clue: RoadClue = {}): RoadPlace | undefined {
    let best: { readonly foot: Foot; readonly cost: number } | undefined;
    for (const foot of this.feet(point, clue.heading)) {
      const cost = foot.cost + misfitMeters(foot, clue);
      if (hasStakes(foot.segment.line) && !(best && best.cost <= cost)) best = { foot, cost };
    }
    return best && placeOn(best.foot);
  }
}

/** Nothing is placed on a ramp. */
const hasStakes = ({ properties }: RoadLine) => properties.ramp !== true;

function placeOn({ segment: { line, fromMeters, toMeters }, part, meters }: Foot): RoadPlace {
  const stakeMeters = fromMeters + (toMeters - fromMeters) * part;
  return {
    road: line.road,
    stakeMeters,
    stake: formatStake(stakeMeters),
    ...(line.carriageway && { carriageway: line.carriageway }),
    distanceMeters: meters,
  };
}
