import { distanceMeters } from '../gis/distance.ts';
import type { Alert, MergedPart } from './alert.ts';
import type { Observation } from './observation.ts';

/** From so many stopped vehicles on it is a jam. */
const leastVehicles = 3;
/** Cameras of a road stand about this far apart. */
export const jamMeters = 1_000;
/** Vehicles of one carriageway that come to stand this soon after each other stand for one reason. */
const oneReasonMs = 40_000;
/** Two cameras that look at places this near see the same vehicles. */
const sameSpotMeters = 80;

type Stopped = Pick<Observation, 'kind' | 'count'>;

export function isJam({ kind, count = 1 }: Stopped): boolean {
  return kind === 'vehicle-stopped' && count >= leastVehicles;
}

/** What a seat reads first of a jam. */
export function jamTitle(place: string, count: number): string {
  return `${place}拥堵，静止 ${count} 辆`;
}

/**
 * Do they stand in one jam, whichever camera or zone sees them: on one carriageway of one road, one of them many already, or
 * both since the same moment? How near they are is for others to say.
 */
export function isOneJam(observation: Observation, alert: Alert): boolean {
  const { kind, road, carriageway, at } = observation;
  if (kind !== 'vehicle-stopped' || alert.kind !== kind || road === undefined) return false;
  if (alert.road !== road || alert.carriageway !== carriageway) return false;
  const apartMs = Math.abs(Date.parse(alert.at) - at.getTime());
  return isJam(observation) || isJam(alert) || apartMs <= oneReasonMs;
}

/** How many vehicles stand, and at how many places: what two cameras see of one place is counted once. */
export function standingOf(parts: readonly MergedPart[]): { readonly count: number; readonly places: number } {
  const ofMost = parts.toSorted((one, other) => (other.count ?? 1) - (one.count ?? 1));
  const counted = ofMost.filter(
    (part, index) => !ofMost.slice(0, index).some((other) => other.camera !== part.camera && isSameSpot(other, part)),
  );
  return { count: counted.reduce((sum, { count = 1 }) => sum + count, 0), places: counted.length };
}

const isSameSpot = (one: MergedPart, other: MergedPart) =>
  distanceMeters(one.position, other.position) <= sameSpotMeters;
