import { type Actor, maySee } from '../shared/actor.ts';
import type { Bbox, Topic } from './contract.ts';

/** What can be on the wall: what the hub has to know of an item to decide who sees it. */
export interface LiveItem {
  readonly id: string;
  readonly area?: string | undefined;
  readonly unit?: string | undefined;
  readonly position?: { readonly lat: number; readonly lon: number } | undefined;
}

/**
 * Who is told of what: whoever has its `area`, the patrol of the `unit` that it names wherever that is, or all who are
 * in. A topic that does not say so does not compile.
 */
const toldTo: Readonly<Record<Topic, 'area' | 'unit' | 'all'>> = {
  alerts: 'area',
  incidents: 'area',
  units: 'area',
  cameras: 'area',
  sensors: 'area',
  silences: 'area',
  assignments: 'unit',
  health: 'all',
};

/** What one seat looks at: its areas, and its part of the map when it named one. */
export interface View {
  readonly actor: Actor;
  readonly bbox?: Bbox | undefined;
}

/** Seats with the same key are shown the same of the topic. */
export function viewKey({ actor, bbox }: View, topic: Topic): string {
  if (toldTo[topic] === 'unit') return JSON.stringify([actor.unit ?? null, bbox ?? null]);
  return JSON.stringify([actor.areas === 'all' ? 'all' : actor.areas.toSorted(), bbox ?? null]);
}

/** An item without a position is in every part of the map; `before` is where it was last told to be. */
export function isInView({ actor, bbox }: View, { topic, item, before }: Showing): boolean {
  const { position } = item;
  if (!isFor(actor, topic, item)) return false;
  if (!bbox || !position) return true;
  // Whoever leaves the part shown is told of once more, or it would stand at its edge for ever.
  return contains(bbox, position) || (before !== undefined && contains(bbox, before));
}

interface Showing {
  readonly topic: Topic;
  readonly item: LiveItem;
  readonly before?: LiveItem['position'];
}

function isFor(actor: Actor, topic: Topic, { area, unit }: LiveItem): boolean {
  switch (toldTo[topic]) {
    case 'area':
      return maySee(actor, area);
    case 'unit':
      return unit !== undefined && unit === actor.unit;
    case 'all':
      return true;
  }
}

function contains([west, south, east, north]: Bbox, { lat, lon }: { lat: number; lon: number }): boolean {
  if (lat < south || lat > north) return false;
  return west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
}
