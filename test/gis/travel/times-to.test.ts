import fc from 'fast-check';
import { expect, test } from 'vitest';
import { courseBetween } from '../../../src/gis/along-line.ts';
import { distanceMeters } from '../../../src/gis/distance.ts';
import type { RoadFeature } from '../../../src/gis/road-feature.ts';
import type { RoadGraph } from '../../../src/gis/travel/road-graph.ts';
import type { RoadSpot } from '../../../src/gis/travel/road-spot.ts';
import { headsOf, TimesTo } from '../../../src/gis/travel/times-to.ts';
import { courseOf } from '../../../src/gis/travel/way.ts';
import { graphOf, line, spotOn, tripBetween } from './town.ts';

/** Corners that no straight line between two others comes near. */
const corners = Array.from(
  { length: 12 },
  (_, n) => [Math.cos(n / 1.9) * (900 + 37 * n), Math.sin(n / 1.9) * 950] as const,
);

interface Street {
  readonly from: number;
  readonly to: number;
  readonly oneway: boolean;
  readonly kmh: number;
}

interface Town {
  readonly streets: readonly Street[];
  /** On which street, and how far along it, 0 to 1. */
  readonly spots: readonly (readonly [street: number, part: number])[];
}

const corner = fc.integer({ min: 0, max: corners.length - 1 });
const street = fc
  .record({ from: corner, to: corner, oneway: fc.boolean(), kmh: fc.integer({ min: 10, max: 120 }) })
  .filter(({ from, to }) => from !== to);
const spot = fc.tuple(fc.nat(), fc.double({ min: 0.01, max: 0.99, noNaN: true }));
const town: fc.Arbitrary<Town> = fc.record({
  streets: fc.array(street, { minLength: 1, maxLength: 30 }),
  spots: fc.array(spot, { minLength: 3, maxLength: 3 }),
});

function build({ streets, spots }: Town): { graph: RoadGraph; spots: RoadSpot[] } {
  const features = streets.map(({ from, to, oneway, kmh }): RoadFeature => {
    return line({ oneway, speed: kmh }, corners[from] ?? [0, 0], corners[to] ?? [0, 0]);
  });
  const graph = graphOf(...features);
  const placed = spots.map(([index, part]) => {
    const at = index % streets.length;
    return spotOn(graph, at, part * (graph.roads.lines[at]?.lengths.at(-1) ?? 0));
  });
  return { graph, spots: placed };
}

/** Bellman and Ford, from the first spot to the second one: every street cut at both, and all of it relaxed again and again. */
function plainSeconds(graph: RoadGraph, [from, to]: readonly [RoadSpot, RoadSpot], streets: readonly Street[]): number {
  const edges = graph.roads.lines.flatMap((each, index) => {
    const { from: first = 0, to: last = 0, oneway = false, kmh = 1 } = streets[index] ?? {};
    const stops = [
      { name: `corner ${first}`, meters: 0 },
      ...[from, to].flatMap((one, n) => (one.line === each ? [{ name: `spot ${n}`, meters: one.meters }] : [])),
      { name: `corner ${last}`, meters: each.lengths.at(-1) ?? 0 },
    ].sort((a, b) => a.meters - b.meters);
    return stops.slice(1).flatMap((b, n) => {
      const a = stops[n] ?? b;
      const seconds = (b.meters - a.meters) / (kmh / 3.6);
      return [{ a: a.name, b: b.name, seconds }, ...(oneway ? [] : [{ a: b.name, b: a.name, seconds }])];
    });
  });
  const best = new Map([['spot 0', 0]]);
  for (let round = 0; round < corners.length + 2; round += 1) {
    for (const { a, b, seconds } of edges) {
      const sum = (best.get(a) ?? Number.POSITIVE_INFINITY) + seconds;
      if (sum < (best.get(b) ?? Number.POSITIVE_INFINITY)) best.set(b, sum);
    }
  }
  return best.get('spot 1') ?? Number.POSITIVE_INFINITY;
}

const secondsBetween = (graph: RoadGraph, from: RoadSpot, to: RoadSpot) =>
  tripBetween(graph, from, to)?.seconds ?? Number.POSITIVE_INFINITY;

test('the time is the one that a plain search over all streets finds', () => {
  fc.assert(
    fc.property(town, (drawn) => {
      const { graph, spots } = build(drawn);
      const [a, b] = spots;
      if (!a || !b) return;
      const [ours, plain] = [secondsBetween(graph, a, b), plainSeconds(graph, [a, b], drawn.streets)];
      if (Number.isFinite(plain)) expect(ours).toBeCloseTo(plain, 3);
      else expect(ours).toBe(plain);
    }),
    { numRuns: 300 },
  );
});

test('over a third place no way is shorter, and of many starts each is as fast as alone', () => {
  fc.assert(
    fc.property(town, (drawn) => {
      const { graph, spots } = build(drawn);
      const [a, b, c] = spots;
      if (!a || !b || !c) return;
      expect(secondsBetween(graph, a, c)).toBeLessThanOrEqual(
        secondsBetween(graph, a, b) + secondsBetween(graph, b, c) + 1e-6,
      );
      const together = new TimesTo(graph, c, headsOf([a, b]));
      for (const each of [a, b]) expect(together.from(each)?.seconds).toBe(tripBetween(graph, each, c)?.seconds);
    }),
  );
});

test('the way begins at the start, ends at the place, and is as long and as slow as it says', () => {
  fc.assert(
    fc.property(town, (drawn) => {
      const { graph, spots } = build(drawn);
      const [a, b] = spots;
      const trip = a && b && tripBetween(graph, a, b);
      if (!trip) return;
      const legs = trip.legs().flatMap((leg) => ('line' in leg ? [leg] : []));
      const course = courseOf(legs);
      const points = course.map(([lon, lat]) => ({ lat, lon }));
      const meters = points.slice(1).reduce((sum, point, n) => sum + distanceMeters(points[n] ?? point, point), 0);
      const seconds = legs.reduce(
        (sum, leg) => sum + Math.abs(leg.to - leg.from) / leg.line.driving.metersPerSecond,
        0,
      );
      expect(meters).toBeCloseTo(trip.meters, 0);
      expect(seconds).toBeCloseTo(trip.seconds, 3);
      expect(course.at(0)).toEqual(courseBetween(a.line, a.meters, a.meters)[0]);
      expect(course.at(-1)).toEqual(courseBetween(b.line, b.meters, b.meters)[0]);
    }),
  );
});

test('closer along the same carriageway is sooner', () => {
  const graph = graphOf(line({ carriageway: 'down' }, [0, 0], [3_000, 200], [6_000, 0]));
  const metersAlong = fc.double({ min: 0, max: 5_900, noNaN: true });
  fc.assert(
    fc.property(metersAlong, metersAlong, (one, other) => {
      const [back, ahead] = one < other ? [one, other] : [other, one];
      const to = spotOn(graph, 0, 5_950);
      const seconds = [back, ahead].map((meters) => secondsBetween(graph, spotOn(graph, 0, meters), to));
      expect(seconds[0]).toBeGreaterThanOrEqual(seconds[1] ?? 0);
      expect(secondsBetween(graph, to, spotOn(graph, 0, back))).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

test('a place where a ramp comes in is reached over the ramp alone', () => {
  const graph = graphOf(
    line({ carriageway: 'down' }, [0, 0], [500, 0], [1_000, 0]),
    line({ ramp: true, speed: 36 }, [300, -400], [500, 0]),
  );
  expect(tripBetween(graph, spotOn(graph, 1, 0), spotOn(graph, 0, 500))?.seconds).toBeCloseTo(44.7, 1);
});
