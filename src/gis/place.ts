import type { Areas } from './areas.ts';
import type { GeoPoint } from './point.ts';
import type { RoadClue } from './road-clue.ts';
import type { Carriageway } from './road-feature.ts';
import type { Roads } from './roads.ts';
import { parseStake } from './stake.ts';

/** What somebody wrote or measured about where a thing is: any part of it, even nothing. */
export interface Whereabouts {
  readonly position?: GeoPoint;
  readonly road?: string;
  /** Like `K1432+300`. */
  readonly stake?: string;
  readonly carriageway?: Carriageway;
  readonly area?: string;
  /** Degrees from north, of a thing that moves. */
  readonly heading?: number;
  /** Of a thing that a camera sees, and of a camera. */
  readonly clue?: Omit<RoadClue, 'heading'>;
}

export interface Place {
  readonly position?: GeoPoint;
  readonly road?: string;
  readonly stake?: string;
  readonly carriageway?: Carriageway;
  readonly area?: string;
}

export interface Ground {
  readonly roads: Roads;
  readonly areas: Areas;
}

/** Fills in what follows from the rest: the point of a stake, the stake of a point, the area of both. What is given stays. */
export function placeOf({ roads, areas }: Ground, given: Whereabouts): Place {
  const position = given.position ?? pointOfStake(roads, given);
  const clue = { heading: given.heading, ...given.clue };
  const onRoad = given.road === undefined ? position && roads.locate(position, clue) : given;
  const area = given.area ?? (position && areas.areaOf(position));
  return {
    ...(position && { position }),
    ...(onRoad?.road !== undefined && { road: onRoad.road }),
    ...(onRoad?.stake !== undefined && { stake: onRoad.stake }),
    ...(onRoad?.carriageway !== undefined && { carriageway: onRoad.carriageway }),
    ...(area !== undefined && { area }),
  };
}

function pointOfStake(roads: Roads, { road, stake, carriageway }: Whereabouts): GeoPoint | undefined {
  const stakeMeters = stake === undefined ? undefined : parseStake(stake);
  if (road === undefined || stakeMeters === undefined) return undefined;
  return roads.pointAt(road, stakeMeters, carriageway);
}
