import type { Camera } from '../api/shapes.ts';
import { byStake } from '../road/nearest-cameras.ts';

/** How many pictures play at once, tiles and detail together. */
export const playersAtMost = 4;

/** One more tile: the newest replaces the oldest when all are taken. `ids` are in the order in which they were opened. */
export function withSpot(ids: readonly string[], id: string): string[] {
  if (ids.includes(id)) return [...ids];
  return [...ids, id].slice(-playersAtMost);
}

/** The tiles in driving order, whatever the order in which they were opened. */
export function inRoadOrder(ids: readonly string[], cameras: ReadonlyMap<string, Camera>): Camera[] {
  return ids.flatMap((id) => cameras.get(id) ?? []).sort(byStake);
}

/** Which tiles play: all, less the one that the detail plays, and never more than four pictures in all. */
export function playingSpots(ids: readonly string[], inDetail: string | undefined): Set<string> {
  const rest = ids.filter((id) => id !== inDetail);
  return new Set(rest.slice(-(inDetail === undefined ? playersAtMost : playersAtMost - 1)));
}
