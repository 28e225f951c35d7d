import { distanceMeters } from '../distance.ts';
import type { RoadGraph } from './road-graph.ts';
import { type RoadSpot, type Sight, type SpotsOfSight, spotsOf } from './road-spot.ts';
import { headsOf, TimesTo, type Trip } from './times-to.ts';

/** How somebody gets to a place. */
export type Travel =
  | {
      readonly by: 'road';
      readonly trip: Trip;
      readonly from: RoadSpot;
      readonly decidedBy: SpotsOfSight['decidedBy'];
      /** Who or what may be on either of several lines: the longest way counts; the shortest takes `atBestSeconds`. */
      readonly unclear?: { readonly what: 'start' | 'place' | 'both'; readonly atBestSeconds: number };
    }
  | { readonly by: 'straight'; readonly seconds: number; readonly meters: number; readonly offRoad: 'place' | 'start' }
  /** The roads lead there from elsewhere, not from here. */
  | { readonly by: 'none' };

/** What is made across country, as the crow flies. */
export const straightKmh = 30;

/** From each of the starts to the place: along the roads; straight only where no road is within 100 m of either. */
export function travelTo(graph: RoadGraph, place: Sight, starts: readonly Sight[]): Travel[] {
  const goals = spotsOf(graph, place)?.spots ?? [];
  const seen = starts.map((start) => (goals.length > 0 ? spotsOf(graph, start) : undefined));
  const heads = headsOf(seen.flatMap((each) => each?.spots ?? []));
  const times = goals.map((goal) => new TimesTo(graph, goal, heads));
  return starts.map((start, index) => {
    const from = seen[index];
    if (from) return alongRoads(times, from);
    const meters = distanceMeters(start.point, place.point);
    const offRoad = goals.length === 0 ? 'place' : 'start';
    return { by: 'straight', seconds: meters / (straightKmh / 3.6), meters, offRoad };
  });
}

function alongRoads(times: readonly TimesTo[], { spots, decidedBy }: SpotsOfSight): Travel {
  const ways = spots
    .flatMap((from) => times.map((to) => ({ from, to, seconds: to.secondsFrom(from) })))
    .filter(({ seconds }) => Number.isFinite(seconds));
  const longest = ways.toSorted((a, b) => b.seconds - a.seconds)[0];
  const atBestSeconds = Math.min(...ways.map(({ seconds }) => seconds));
  const trip = longest?.to.from(longest.from);
  if (!longest || !trip) return { by: 'none' };
  const unclear = { what: whatIsUnclear(spots.length, times.length), atBestSeconds };
  return { by: 'road', trip, from: longest.from, decidedBy, ...(atBestSeconds < trip.seconds && { unclear }) };
}

function whatIsUnclear(starts: number, places: number): 'start' | 'place' | 'both' {
  if (starts > 1 && places > 1) return 'both';
  return starts > 1 ? 'start' : 'place';
}
