import { expect, test } from 'vitest';
import type { RoadFeature } from '../../../src/gis/road-feature.ts';
import { graphOf, line, spotOn, tripBetween } from './town.ts';

/** Seconds from 100 m along the first line to 100 m along the second one, and back. */
function bothWays(...features: RoadFeature[]) {
  const graph = graphOf(...features);
  const [a, b] = [spotOn(graph, 0, 100), spotOn(graph, 1, 100)];
  return [tripBetween(graph, a, b), tripBetween(graph, b, a)].map((trip) => trip && Math.round(trip.seconds));
}

const apart = [undefined, undefined];
const toRise = { carriageway: 'down' } as const;
const toFall = { carriageway: 'up' } as const;

test.each<{ name: string; features: RoadFeature[]; seconds: (number | undefined)[] }>([
  {
    name: 'lines join at a vertex in the middle of both',
    features: [line({}, [0, 0], [500, 0], [1_000, 0]), line({}, [500, -500], [500, 0], [500, 500])],
    seconds: [80, 80],
  },
  {
    name: 'lines that only cross are a bridge',
    features: [line({}, [0, 0], [1_000, 0]), line({}, [500, -500], [500, 500])],
    seconds: apart,
  },
  {
    name: 'a line that ends a little before another one ends at it',
    features: [line({}, [0, 0], [1_000, 0]), line({}, [600, -400], [600, -3])],
    seconds: [80, 80],
  },
  {
    name: 'a line that ends well before another one does not reach it',
    features: [line({}, [0, 0], [1_000, 0]), line({}, [600, -400], [600, -8])],
    seconds: apart,
  },
  {
    name: 'ends that nearly meet are one joint',
    features: [line({}, [0, 0], [500, 0]), line({}, [502, 1], [900, 1])],
    seconds: [50, 50],
  },
  {
    name: 'a one-way street is driven as it is drawn',
    features: [line({}, [0, 0], [500, 0]), line({ oneway: true }, [500, 0], [500, 400])],
    seconds: [50, undefined],
  },
  {
    name: 'a ramp is one-way of itself, and slow',
    features: [line({}, [0, 0], [500, 0]), line({ ramp: true, speed: 18 }, [500, 0], [500, 400])],
    seconds: [60, undefined],
  },
  {
    name: 'the down carriageway is driven toward rising stakes, the up one toward falling ones',
    features: [line(toRise, [0, 0], [500, 0]), line(toFall, [500, 400], [500, 0])],
    seconds: [70, undefined],
  },
  {
    name: 'a carriageway that serves both ways is driven both ways',
    features: [line({ ...toRise, oneway: false }, [0, 0], [500, 0]), line({}, [500, 0], [500, 400])],
    seconds: [50, 50],
  },
  {
    name: 'carriageways that come near each other stay apart',
    features: [line(toRise, [0, 0], [1_000, 0]), line(toFall, [0, 4], [1_000, 4])],
    seconds: apart,
  },
  {
    name: 'carriageways that share a vertex are joined where the median ends',
    features: [line(toRise, [0, 0], [1_000, 0]), line(toFall, [0, 20], [1_000, 0])],
    seconds: [180, undefined],
  },
])('$name', ({ features, seconds }) => {
  expect(bothWays(...features)).toEqual(seconds);
});

test('through an opening of the median units turn, a minute later', () => {
  const openings = { emergencyOpenings: [[600, '东口']] as [number, string][] };
  const features = [line({ ...toRise, ...openings }, [0, 0], [1_000, 0]), line(toFall, [0, 20], [1_000, 20])];
  expect(bothWays(...features)).toEqual([50 + 60 + 50, undefined]);
});

test('an opening that one carriageway does not reach leads nowhere', () => {
  const openings = { emergencyOpenings: [[600]] as [number][] };
  const features = [line({ ...toRise, ...openings }, [0, 0], [1_000, 0]), line(toFall, [0, 20], [500, 20])];
  expect(bothWays(...features)).toEqual(apart);
});

test('roads are as fast as their kind, unless it is said', () => {
  const bare = (kind: 'motorway' | 'trunk' | 'local') => {
    const { speed: _, ...properties } = line({ kind }).properties;
    const feature = line({}, [0, 0], [1_000, 0]);
    return graphOf({ ...feature, properties }).arcs[0]?.seconds;
  };
  expect([bare('motorway'), bare('trunk'), bare('local')].map((each) => Math.round(each ?? 0))).toEqual([40, 60, 90]);
});

test('a road cut into two features is one road', () => {
  const graph = graphOf(line(toRise, [0, 0], [500, 0]), line(toRise, [500, 0], [1_000, 0]));
  expect(tripBetween(graph, spotOn(graph, 0, 400), spotOn(graph, 1, 100))?.seconds).toBeCloseTo(20, 3);
});

test('a ramp that ends beside two carriageways joins the nearer one only', () => {
  const graph = graphOf(
    line(toRise, [0, 0], [1_000, 0]),
    line(toFall, [0, 4], [1_000, 4]),
    line({ id: 'R', ramp: true }, [500, -400], [500, -0.5]),
  );
  const ramp = spotOn(graph, 2, 0);
  expect(tripBetween(graph, ramp, spotOn(graph, 0, 600))?.seconds).toBeCloseTo(50, 0);
  expect(tripBetween(graph, ramp, spotOn(graph, 1, 400))).toBeUndefined();
});

test('where a road begins to be divided, it goes on onto either carriageway and comes from the other', () => {
  const graph = graphOf(
    line({ id: 'G1', kind: 'trunk' }, [0, 0], [500, 0]),
    line({ id: 'G1', ...toRise }, [501, -2], [1_000, -10]),
    line({ id: 'G1', ...toFall }, [501, 2], [1_000, 10]),
  );
  const undivided = spotOn(graph, 0, 100);
  expect(tripBetween(graph, undivided, spotOn(graph, 1, 100))?.seconds).toBeCloseTo(50, 0);
  expect(tripBetween(graph, spotOn(graph, 2, 100), undivided)?.seconds).toBeCloseTo(50, 0);
  expect(tripBetween(graph, undivided, spotOn(graph, 2, 100))).toBeUndefined();
});
