import { angleBetween } from '../distance.ts';
import type { GeoPoint } from '../point.ts';
import type { Carriageway } from '../road-feature.ts';
import { type Foot, metersOfFoot } from '../road-foot.ts';
import type { RoadLine } from '../road-line.ts';
import type { LineArc, RoadGraph } from './road-graph.ts';

/** A place on a line, and the arcs on which somebody may be there. */
export interface RoadSpot {
  readonly line: RoadLine;
  /** Along the line. */
  readonly meters: number;
  /** More than one where both ways are open to whoever stands there. */
  readonly arcs: readonly LineArc[];
}

/** What is known of where somebody is. */
export interface Sight {
  readonly point: GeoPoint;
  /** Degrees from north, of what moves. */
  readonly heading?: number;
  readonly errorMeters?: number;
  /** Where it was said or last seen to be. */
  readonly told?: { readonly road: string; readonly carriageway?: Carriageway };
}

/** The spots at which somebody may be: one where it is clear. */
export interface SpotsOfSight {
  readonly spots: readonly RoadSpot[];
  /** What told between spots that the position alone does not. */
  readonly decidedBy: 'position' | 'heading' | 'told';
}

const usualErrorMeters = 10;
/** A line is drawn in the middle of its lanes. */
const halfRoadMeters = 8;
const mostSpots = 3;

/**
 * Where on the roads somebody is. Carriageways and bridges lie closer than a receiver errs: the heading decides, else where
 * it was said to be, else every line that the error reaches. Undefined when no road is within 100 m.
 */
export function spotsOf(graph: RoadGraph, sight: Sight): SpotsOfSight | undefined {
  const { heading, errorMeters = usualErrorMeters, told } = sight;
  const feet = nearestOfEachLine(graph.roads.feet(sight.point, heading));
  const isPossible = ({ meters }: Foot) => meters <= errorMeters + halfRoadMeters;
  const isClear = feet.filter(isPossible).length < 2;
  const spots = (chosen: readonly Foot[]) => chosen.flatMap((foot) => spotsAt(graph, foot, heading));
  const [first] = feet;
  if (!first) return undefined;
  if (heading !== undefined) return { spots: spots([first]), decidedBy: isClear ? 'position' : 'heading' };
  const asTold = told ? feet.filter(({ segment: { line } }) => agrees(line, told)) : [];
  const candidates = asTold.length > 0 ? asTold : feet;
  const possible = candidates.filter(isPossible).slice(0, mostSpots);
  const decidedBy = asTold.length > 0 && !isClear ? 'told' : 'position';
  return { spots: spots(possible.length > 0 ? possible : candidates.slice(0, 1)), decidedBy };
}

/** The best first. */
function nearestOfEachLine(feet: readonly Foot[]): Foot[] {
  const best = new Map<RoadLine, Foot>();
  for (const foot of feet) {
    const { line } = foot.segment;
    const before = best.get(line);
    if (!before || foot.cost < before.cost) best.set(line, foot);
  }
  return [...best.values()].sort((a, b) => a.cost - b.cost);
}

function agrees(line: RoadLine, { road, carriageway }: NonNullable<Sight['told']>): boolean {
  return line.road === road && (carriageway === undefined || (line.carriageway ?? carriageway) === carriageway);
}

/** One spot; or one for each way, where a median lies between them and nobody knows which it is. */
function spotsAt(graph: RoadGraph, foot: Foot, heading: number | undefined): RoadSpot[] {
  const { line, rising } = foot.segment;
  const meters = metersOfFoot(foot);
  const arcs = graph.arcsAt(line, meters);
  if (arcs.length < 2 || line.driving.turnsAnywhere) return [{ line, meters, arcs }];
  const turned = ({ from, to }: LineArc) => angleBetween(heading ?? 0, from <= to ? rising : rising + 180);
  const going = heading === undefined ? arcs : arcs.toSorted((a, b) => turned(a) - turned(b)).slice(0, 1);
  return going.map((arc) => ({ line, meters, arcs: [arc] }));
}
