import { expect, test } from 'vitest';
import { Candidates } from '../../../src/dispatch/candidates/candidates.ts';
import { distanceMeters } from '../../../src/gis/distance.ts';
import { between } from '../../../src/gis/road-line.ts';
import { RoadGraph } from '../../../src/gis/travel/road-graph.ts';
import { type Actor, systemActor } from '../../../src/shared/actor.ts';
import { boardOf, onRoad, roads, start } from '../world.ts';

const graph = new RoadGraph(roads);
/** A pedestrian in the fog, on the hard shoulder of the down carriageway. */
const walker = roads.pointAt('G76', 1_432_300, 'down') ?? { lat: 0, lon: 0 };
const place = { position: walker, road: 'G76', carriageway: 'down', area: 'west' } as const;
const at = new Date(start + 20_000);

/** 巡7 comes from behind, 路6 has just gone by on the other side, 拯1 stands 25 km away. */
function world() {
  const board = boardOf();
  board.position({ ...onRoad('xun7', 1_430_200, 10), heading: 80, speed: 17 });
  const across = roads.pointAt('G76', 1_432_450, 'up') ?? walker;
  board.position({ device: 'radio-6', at: new Date(start + 10_000), point: across, heading: 250, speed: 13 });
  board.position({ ...onRoad('zheng1', 1_422_000, 10), speed: 0 });
  const areaName = (id: string) => ({ east: '东段', west: '西段' })[id] ?? id;
  return { board, candidates: new Candidates({ units: () => board.sendables(), graph: () => graph, areaName }) };
}

test('the unit on the opposite carriageway, though nearest on the map, comes after the one with the shorter way', () => {
  const { board, candidates } = world();
  const ranked = candidates.rank({ place, at }, systemActor);
  expect(ranked.map(({ unit }) => unit)).toEqual(['xun7', 'lu6', 'zheng1']);
  const straight = (id: string) => distanceMeters(board.get(id)?.position ?? walker, walker);
  expect(straight('lu6')).toBeLessThan(straight('xun7'));
  const [best, second] = ranked;
  expect(best).toMatchObject({
    by: 'road',
    distanceMeters: expect.closeTo(2_100, -2),
    etaSeconds: expect.closeTo(84, -1),
  });
  expect(second?.reasons.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^沿路 [23]\.\d km，约 \d分\d+秒$/),
    '经 G76 上行、K1430+900 中央分隔带开口（响水隧道西口）、G76 下行',
    expect.stringMatching(/^在对向 G76 上行，直线只有 1\d\d m，须绕行$/),
    '空闲',
    '跨辖区：属辖区 东段，现场在 西段',
  ]);
  expect(best?.route?.coordinates.length).toBeGreaterThan(40);
});

test('the way of one unit is that of the ranking; of one that was never heard nobody knows any', () => {
  const { candidates } = world();
  const [best] = candidates.rank({ place, at }, systemActor);
  const { etaSeconds, distanceMeters: meters, by, route } = best ?? {};
  expect(candidates.way('xun7', place)).toEqual({ etaSeconds, distanceMeters: meters, by, route });
  const silent = new Candidates({ units: () => boardOf().sendables(), graph: () => graph, areaName: (id) => id });
  expect(silent.way('xun7', place)).toBeUndefined();
  const meadow = { position: { lat: 27.35, lon: 105.2 } };
  expect(candidates.way('xun7', meadow)).toEqual({
    ...{ by: 'straight', etaSeconds: expect.any(Number), distanceMeters: expect.any(Number) },
  });
});

test('a seat is offered the units it may see, and no other', () => {
  const seat: Actor = { id: 's', name: 's', role: 'seat', areas: ['east'] };
  const { candidates } = world();
  expect(candidates.rank({ place, at }, seat).map(({ unit }) => unit)).toEqual(['lu6']);
});

test('what is wanted of a unit is asked of each', () => {
  const { candidates } = world();
  const ranked = candidates.rank({ place, wanted: { kinds: ['rescue'], areas: ['west'] }, at }, systemActor);
  expect(ranked.map(({ unit, rejected }) => [unit, rejected])).toEqual([
    ['zheng1', undefined],
    ['xun7', 'kind'],
    ['lu6', 'kind'],
  ]);
});

test('a unit that stops keeps the carriageway on which it came', () => {
  const { board, candidates } = world();
  const [down, up] = (['down', 'up'] as const).map((side) => roads.pointAt('G76', 1_430_500, side) ?? walker);
  if (!down || !up) throw new Error('a road has two sides');
  // The receiver errs: it is nearer to the carriageway on which it is not.
  const point = between(down, up, 0.55);
  board.position({ ...onRoad('xun7', 1_430_480, 15), heading: 80, speed: 17 });
  board.position({ device: 'xun7', at: new Date(start + 18_000), point, heading: 300, speed: 0 });
  const [best] = candidates.rank({ place, at }, systemActor);
  expect(best).toMatchObject({ unit: 'xun7', distanceMeters: expect.closeTo(1_800, -2) });
  expect(best?.reasons.map(({ text }) => text)).toContain('按此前行驶在 G76 下行');
});
