import { angleBetween } from './distance.ts';
import type { Foot } from './road-foot.ts';
import type { Segment } from './segment-grid.ts';

/** What else is known of a point that is to be put on a road. */
export interface RoadClue {
  /** Of a thing that moves, degrees from north. */
  readonly heading?: number | undefined;
  /** Of a thing that a camera sees: the road the camera is there for … */
  readonly road?: string | undefined;
  /** … and the way it looks, degrees from north. */
  readonly bearing?: number | undefined;
  /** How far off the point may be; 0 unless told. */
  readonly errorMeters?: number | undefined;
}

/** Looking quite another way counts as being this much farther, as far as the point may be off. */
const otherWayMeters = 20;
const quiteAnotherWayDegrees = 45;
/** From the line, which is drawn in a carriageway's middle, to the far side of its hard shoulder. */
const halfRoadMeters = 10;
/** More than any distance within reach: the road a camera is there for comes first. */
const strangerMeters = 1_000;
/** How little a camera is likely to be there for a road of its kind. */
const kindSteps = { motorway: 0, trunk: 0.5, local: 1 } as const;

/** By how much farther a foot counts than it is, besides for its heading. */
export function misfitMeters({ segment, meters }: Foot, { road, bearing, errorMeters = 0 }: RoadClue): number {
  const { line } = segment;
  const unsureMeters = Math.min(errorMeters, otherWayMeters);
  const isStranger = road !== undefined && !(line.road === road && meters <= errorMeters + halfRoadMeters);
  const turned = Math.min(1, acrossFrom(segment, bearing) / quiteAnotherWayDegrees);
  return unsureMeters * (turned + kindSteps[line.kind]) + (isStranger ? strangerMeters : 0);
}

/** A camera looks along its road, with the traffic or against it. */
function acrossFrom({ rising }: Segment, bearing: number | undefined): number {
  return bearing === undefined ? 0 : Math.min(angleBetween(bearing, rising), angleBetween(bearing, rising + 180));
}
