import type { Position, RoadPlace } from '../api/shapes.ts';
import type { World } from '../live/world.ts';
import { atStake, type RoadLine } from '../road/road-line.ts';
import { stakeMeters, stakeText } from '../road/stake.ts';

export type FoundKind = 'stake' | 'camera' | 'unit' | 'sensor';

export interface Found {
  readonly kind: FoundKind;
  readonly id: string;
  readonly name: string;
  readonly place: RoadPlace;
  readonly position: Position | undefined;
}

const foundAtMost = 8;

/** What a seat may mean by a few characters: a stake mark of a road, or a thing by name, id or stake. */
export function findPlaces(query: string, world: World, lines: readonly RoadLine[]): Found[] {
  const words = query.trim().toLowerCase();
  if (words === '') return [];
  const matches = (thing: RoadPlace & { id: string; name: string }) =>
    [thing.id, thing.name, thing.stake ?? ''].some((text) => text.toLowerCase().includes(words));
  const things = (kind: FoundKind, items: Iterable<RoadPlace & { id: string; name: string }>): Found[] =>
    [...items]
      .filter(matches)
      .map((place) => ({ kind, id: place.id, name: place.name, place, position: place.position }));
  return [
    ...foundStake(words, lines),
    ...things('camera', world.cameras.values()),
    ...things('unit', world.units.values()),
    ...things('sensor', world.sensors.values()),
  ].slice(0, foundAtMost);
}

function foundStake(words: string, lines: readonly RoadLine[]): Found[] {
  const meters = stakeMeters(words);
  const line = lines.find((one) => one.kind === 'motorway');
  const position = meters === undefined || !line ? undefined : atStake(line, meters);
  if (meters === undefined || !line || !position) return [];
  const stake = stakeText(meters);
  return [{ kind: 'stake', id: stake, name: stake, place: { road: line.road, stake }, position }];
}
