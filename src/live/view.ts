import { type Actor, maySee } from '../shared/actor.ts';
import type { Bbox } from './contract.ts';

/** What can be on the wall: what the hub has to know of an item to decide who sees it. */
export interface LiveItem {
  readonly id: string;
  readonly area?: string | undefined;
  readonly position?: { readonly lat: number; readonly lon: number } | undefined;
}

/** What one seat looks at: its areas, and its part of the map when it named one. */
export interface View {
  readonly actor: Actor;
  readonly bbox?: Bbox | undefined;
}

/** Seats with the same key are shown the same. */
export function viewKey({ actor, bbox }: View): string {
  return JSON.stringify([actor.areas === 'all' ? 'all' : actor.areas.toSorted(), bbox ?? null]);
}

/** An item without a position is in every part of the map; `before` is where it was last told to be. */
export function isInView({ actor, bbox }: View, { area, position }: LiveItem, before?: LiveItem['position']): boolean {
  if (!maySee(actor, area)) return false;
  if (!bbox || !position) return true;
  // Whoever leaves the part shown is told of once more, or it would stand at its edge for ever.
  return contains(bbox, position) || (before !== undefined && contains(bbox, before));
}

function contains([west, south, east, north]: Bbox, { lat, lon }: { lat: number; lon: number }): boolean {
  if (lat < south || lat > north) return false;
  return west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
}
