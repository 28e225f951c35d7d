import type { RoadPlace, Unit } from '../api/shapes.ts';
import { wayMeters } from '../road/nearest-cameras.ts';

export interface NearbyUnit {
  readonly unit: Unit;
  readonly meters: number;
}

/** Units on duty that can be reached, free ones first, then by distance. */
export function nearbyUnits(place: RoadPlace, units: Iterable<Unit>, limit = 3): NearbyUnit[] {
  return [...units]
    .filter(({ online, status }) => online && status !== 'off')
    .flatMap((unit) => {
      const meters = wayMeters(place, unit);
      return meters === undefined ? [] : [{ unit, meters }];
    })
    .sort((a, b) => Number(b.unit.status === 'free') - Number(a.unit.status === 'free') || a.meters - b.meters)
    .slice(0, limit);
}
