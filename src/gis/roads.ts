import { angleBetween, metersPerDegree } from './distance.ts';
import type { GeoPoint } from './point.ts';
import type { Carriageway, RoadsGeoJson } from './road-feature.ts';
import { between, RoadLine } from './road-line.ts';
import { type Segment, SegmentGrid } from './segment-grid.ts';
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
/** Carriageways and crossing roads lie closer than a receiver's error: going quite another way counts as being this much farther. */
const otherWayMeters = 20;
const quiteAnotherWayDegrees = 45;

/** The roads: stake to point and back. */
export class Roads {
  readonly #lines = new Map<string, RoadLine[]>();
  readonly #grid: SegmentGrid;

  constructor({ features }: RoadsGeoJson) {
    const lines = features.map((feature) => new RoadLine(feature));
    for (const line of lines) this.#lines.set(line.road, [...(this.#lines.get(line.road) ?? []), line]);
    this.#grid = new SegmentGrid(lines, reachMeters);
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

  /** The place on the nearest road within 100 m. A heading (degrees from north) tells carriageways and crossings apart. */
  locate(point: GeoPoint, heading?: number): RoadPlace | undefined {
    let best: { segment: Segment; part: number; meters: number; cost: number } | undefined;
    const shrink = Math.cos((point.lat * Math.PI) / 180);
    for (const segment of this.#grid.near(point)) {
      const { part, meters } = foot(point, segment, shrink);
      const cost = meters + otherWayMeters * Math.min(1, turnedFrom(segment, heading) / quiteAnotherWayDegrees);
      if (meters <= reachMeters && !(best && best.cost <= cost)) best = { segment, part, meters, cost };
    }
    return best && placeOn(best.segment, best.part, best.meters);
  }
}

function placeOn({ line, fromMeters, toMeters }: Segment, part: number, meters: number): RoadPlace {
  const stakeMeters = fromMeters + (toMeters - fromMeters) * part;
  return {
    road: line.road,
    stakeMeters,
    stake: formatStake(stakeMeters),
    ...(line.carriageway && { carriageway: line.carriageway }),
    distanceMeters: meters,
  };
}

/** The nearest point of the segment, on a plane: over 100 m the Earth is flat to a millimetre; `shrink` is what a degree of longitude is worth there. */
function foot(point: GeoPoint, { a, b }: Segment, shrink: number): { part: number; meters: number } {
  const [bx, by] = [(b.lon - a.lon) * shrink, b.lat - a.lat];
  const [px, py] = [(point.lon - a.lon) * shrink, point.lat - a.lat];
  const length = bx * bx + by * by;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, (px * bx + py * by) / length));
  return { part, meters: Math.sqrt((px - bx * part) ** 2 + (py - by * part) ** 2) * metersPerDegree };
}

/** How far the heading is turned from the way traffic goes there, degrees. */
function turnedFrom({ line, rising }: Segment, heading: number | undefined): number {
  if (heading === undefined) return 0;
  const [along, back] = [angleBetween(heading, rising), angleBetween(heading, rising + 180)];
  if (line.carriageway === undefined) return Math.min(along, back);
  return line.carriageway === 'down' ? along : back;
}
