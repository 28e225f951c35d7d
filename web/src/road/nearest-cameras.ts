import type { Camera, RoadPlace } from '../api/shapes.ts';
import { distanceMeters } from './geo.ts';
import { stakeMeters } from './stake.ts';

/** Metres between two places: along the road when both are on the same one, else straight. Undefined when unknown. */
export function wayMeters(from: RoadPlace, to: RoadPlace): number | undefined {
  const a = stakeMeters(from.stake);
  const b = stakeMeters(to.stake);
  if (a !== undefined && b !== undefined && from.road === to.road) return Math.abs(a - b);
  return from.position && to.position ? distanceMeters(from.position, to.position) : undefined;
}

/** Up to `limit` cameras nearest to a place, the one that saw the alert always among them, in driving order. */
export function nearestCameras(place: RoadPlace & { camera?: string }, cameras: Iterable<Camera>, limit = 4): Camera[] {
  const reach = (camera: Camera) => (camera.id === place.camera ? -1 : wayMeters(place, camera));
  return [...cameras]
    .flatMap((camera) => {
      const meters = reach(camera);
      return meters === undefined || meters > 20_000 ? [] : [{ camera, meters }];
    })
    .sort((a, b) => a.meters - b.meters)
    .slice(0, limit)
    .map(({ camera }) => camera)
    .sort(byStake);
}

/** In driving order; what has no stake comes last, by id. */
export function byStake(a: RoadPlace & { id: string }, b: RoadPlace & { id: string }): number {
  const last = Number.MAX_SAFE_INTEGER;
  const difference = (stakeMeters(a.stake) ?? last) - (stakeMeters(b.stake) ?? last);
  return Number.isFinite(difference) && difference !== 0 ? difference : a.id.localeCompare(b.id);
}
