import { rankCandidates } from '../src/dispatch/candidates/rank.ts';
import type { Sendable } from '../src/dispatch/candidates/sendable.ts';
import { Roads } from '../src/gis/roads.ts';
import { RoadGraph } from '../src/gis/travel/road-graph.ts';
import { type RoadSpot, spotsOf } from '../src/gis/travel/road-spot.ts';
import { headsOf, TimesTo } from '../src/gis/travel/times-to.ts';
import { WeekClocks } from '../src/shared/weekly-hours.ts';
import { peerGraph, peerSeconds, peerWays } from './dispatch/peer-times.ts';
import { chance, drawTown, unitsIn } from './dispatch/town.ts';
import { compareLatencies, digits, type Row } from './report.ts';

export interface DispatchBench {
  readonly units: number;
  readonly segments: number;
  /** Places that need somebody, in each round. */
  readonly places: number;
  readonly rounds: number;
}

/** A corner of the town, as a spot and as the node that it is. */
interface Place {
  readonly spot: RoadSpot;
  readonly node: number;
}

const clocks = new WeekClocks();
const at = new Date('2026-11-26T06:00:00Z');

/** Who is nearest by road, of all units and with all reasons; the peer only searches the same graph from the place. */
export async function benchDispatch({ units, segments, places, rounds }: DispatchBench): Promise<Row[]> {
  const town = drawTown(segments);
  const startedAt = performance.now();
  const graph = new RoadGraph(new Roads(town.roads));
  const builtMs = performance.now() - startedAt;
  const fleet = unitsIn(town, units, at);
  const peer = peerGraph(graph);
  const spots = fleet.flatMap(({ seen }) => (seen ? (spotsOf(graph, seen.sight)?.spots ?? []) : []));
  const [ranked, searched, theirs]: [number[], number[], number[]] = [[], [], []];
  const random = chance(3);
  for (let round = 0; round <= rounds; round += 1) {
    for (let n = 0; n < places; n += 1) {
      const place = placeIn(graph, random);
      const ways = timed(() => peerWays(peer, place.node));
      const times = timed(() => new TimesTo(graph, place.spot, headsOf(spots)));
      expectSame(times.result, spots, (node) => peerSeconds(peer, ways.result[node] ?? []));
      const ranking = timed(() => rank(graph, place, fleet));
      if (ranking.result.length !== units) throw new Error(`${ranking.result.length} of ${units} units were ranked`);
      // The first round warms both up.
      if (round === 0) continue;
      ranked.push(ranking.ms);
      searched.push(times.ms);
      theirs.push(ways.ms);
    }
  }
  const all = `dispatch: ${units} units ranked with reasons over ${town.segments} segments`;
  return [
    compareLatencies({ what: `${all}; graphology's search alone, p50 / p99`, unit: 'ms', ours: ranked, peer: theirs }),
    compareLatencies({ what: 'dispatch: the search alone; the same', unit: 'ms', ours: searched, peer: theirs }),
    { what: 'dispatch: roads and graph built, once', ours: `${digits(builtMs)} ms`, peer: '–', ratio: '–' },
  ];
}

function placeIn(graph: RoadGraph, random: () => number): Place {
  const arcs = graph.arcs.flatMap((arc) => ('line' in arc ? [arc] : []));
  const arc = arcs[Math.floor(random() * arcs.length)];
  if (!arc) throw new Error('a town without streets');
  return { node: arc.head, spot: { line: arc.line, meters: arc.to, arcs: [arc] } };
}

function rank(graph: RoadGraph, { spot }: Place, units: readonly Sendable[]) {
  const end = spot.line.points[spot.line.lengths.indexOf(spot.meters)];
  if (!end) throw new Error('a street without a corner');
  const place = { position: end, road: spot.line.road, area: 'west' };
  return rankCandidates({ graph, place, wanted: { skills: ['tow'] }, units, at, clocks, areaName: (id) => id });
}

/** A peer that finds other ways is none. */
function expectSame(times: TimesTo, spots: readonly RoadSpot[], peerFrom: (node: number) => number): void {
  for (const spot of spots.slice(0, 5)) {
    const onward = spot.arcs.map(
      (arc) => Math.abs(arc.to - spot.meters) / arc.line.driving.metersPerSecond + peerFrom(arc.head),
    );
    const [ours, theirs] = [times.from(spot)?.seconds ?? Number.NaN, Math.min(...onward)];
    if (Math.abs(ours - theirs) > 0.01) throw new Error(`${ours} s here are ${theirs} s there`);
  }
}

function timed<T>(run: () => T): { readonly result: T; readonly ms: number } {
  const startedAt = performance.now();
  const result = run();
  return { result, ms: performance.now() - startedAt };
}
