import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bearingDegrees, destination } from '../../../src/gis/distance.ts';
import { Roads } from '../../../src/gis/roads.ts';
import { RoadGraph } from '../../../src/gis/travel/road-graph.ts';
import { type Sight, spotsOf } from '../../../src/gis/travel/road-spot.ts';
import { demoRoads } from '../demo-world.ts';
import { at, graphOf, line } from './town.ts';

const demo = new RoadGraph(new Roads(demoRoads()));
const stakes = fc.double({ min: 1_420_100, max: 1_451_900, noNaN: true });
const sides = fc.constantFrom('up' as const, 'down' as const);
const bearings = fc.double({ min: 0, max: 359, noNaN: true });

/** A receiver on G76 that errs by 10 m in some direction, and the way it drives. */
function onG76(stake: number, side: 'up' | 'down', bearing: number): { sight: Sight; heading: number } {
  const ahead = side === 'down' ? 5 : -5;
  const [here, there] = [stake, stake + ahead].map((meters) => demo.roads.pointAt('G76', meters, side));
  if (!here || !there) throw new Error(`no stake ${stake}`);
  return { sight: { point: destination(here, bearing, 10), errorMeters: 10 }, heading: bearingDegrees(here, there) };
}

const sidesOf = (sight: Sight) =>
  spotsOf(demo, sight)?.spots.map(({ line: { road, carriageway } }) => `${road} ${carriageway}`);

test('with its heading no unit is ever put across the median', () => {
  fc.assert(
    fc.property(stakes, sides, bearings, (stake, side, bearing) => {
      const { sight, heading } = onG76(stake, side, bearing);
      const [spot, ...others] = spotsOf(demo, { ...sight, heading })?.spots ?? [];
      expect(others).toEqual([]);
      expect(spot?.line.carriageway ?? 'ramp').not.toBe(side === 'up' ? 'down' : 'up');
    }),
  );
});

test('a unit that stands stays on the carriageway it last drove on', () => {
  fc.assert(
    fc.property(stakes, sides, bearings, (stake, side, bearing) => {
      const { sight } = onG76(stake, side, bearing);
      expect(sidesOf({ ...sight, told: { road: 'G76', carriageway: side } })).toEqual([`G76 ${side}`]);
    }),
  );
});

test('when nothing tells, the carriageway it is on is among those it may be on', () => {
  fc.assert(
    fc.property(stakes, sides, bearings, (stake, side, bearing) => {
      const { sight } = onG76(stake, side, bearing);
      expect(sidesOf(sight)).toContain(`G76 ${side}`);
    }),
  );
});

const motorway = graphOf(
  line({ id: 'G1', carriageway: 'down' }, [0, 0], [2_000, 0]),
  line({ id: 'G1', carriageway: 'up' }, [0, 25], [2_000, 25]),
  line({ id: 'S2' }, [1_000, -500], [1_000, 500]),
);

test.each<{ name: string; sight: Sight; lines: string[]; decidedBy: string }>([
  { name: 'close to one line', sight: { point: at(500, 2) }, lines: ['G1 down'], decidedBy: 'position' },
  { name: 'between both', sight: { point: at(500, 12) }, lines: ['G1 down', 'G1 up'], decidedBy: 'position' },
  {
    name: 'an uncertain position',
    sight: { point: at(500, 2), errorMeters: 30 },
    lines: ['G1 down', 'G1 up'],
    decidedBy: 'position',
  },
  {
    name: 'between both, going east',
    sight: { point: at(500, 12), heading: 85 },
    lines: ['G1 down'],
    decidedBy: 'heading',
  },
  {
    name: 'between both, going west',
    sight: { point: at(500, 12), heading: 280 },
    lines: ['G1 up'],
    decidedBy: 'heading',
  },
  {
    name: 'under the bridge, going north',
    sight: { point: at(1_000, 5), heading: 0 },
    lines: ['S2 undefined'],
    decidedBy: 'heading',
  },
  {
    name: 'told the other side',
    sight: { point: at(500, 12), told: { road: 'G1', carriageway: 'up' } },
    lines: ['G1 up'],
    decidedBy: 'told',
  },
  {
    name: 'told the road only',
    sight: { point: at(1_000, 12), told: { road: 'G1' } },
    lines: ['G1 down', 'G1 up'],
    decidedBy: 'told',
  },
  {
    name: 'told a road that is not there',
    sight: { point: at(500, 2), told: { road: 'G9' } },
    lines: ['G1 down'],
    decidedBy: 'position',
  },
  { name: 'on a yard beside the road', sight: { point: at(500, -60) }, lines: ['G1 down'], decidedBy: 'position' },
])('$name: $lines', ({ sight, lines, decidedBy }) => {
  const seen = spotsOf(motorway, sight);
  expect(seen?.spots.map(({ line: { road, carriageway } }) => `${road} ${carriageway}`)).toEqual(lines);
  expect(seen?.decidedBy).toBe(decidedBy);
});

test('farther than 100 m from every line is on no road', () => {
  expect(spotsOf(motorway, { point: at(500, -120) })).toBeUndefined();
});

test('one line with a median is two ways that nobody changes between, one without is not', () => {
  const arcs = (median: boolean, heading?: number) => {
    const graph = graphOf(line({ median }, [0, 0], [2_000, 0]));
    const sight = { point: at(500, 3), ...(heading !== undefined && { heading }) };
    return spotsOf(graph, sight)?.spots.map((spot) => spot.arcs.map(({ from, to }) => Math.sign(to - from)));
  };
  expect(arcs(false)).toEqual([[1, -1]]);
  expect(arcs(true)).toEqual([[1], [-1]]);
  expect(arcs(true, 80)).toEqual([[1]]);
  expect(arcs(true, 250)).toEqual([[-1]]);
});
