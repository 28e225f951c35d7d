import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Areas } from '../../src/gis/areas.ts';
import { angleBetween, bearingDegrees, distanceMeters } from '../../src/gis/distance.ts';
import { Roads } from '../../src/gis/roads.ts';
import { parseStake } from '../../src/gis/stake.ts';
import { RoadGraph } from '../../src/gis/travel/road-graph.ts';
import { travelTo } from '../../src/gis/travel/travel.ts';
import { partsOf } from '../../src/gis/travel/way.ts';
import { demoAreas, demoRoads } from './demo-world.ts';

interface Thing {
  readonly id: string;
  readonly position: { readonly lat: number; readonly lon: number };
  readonly road: { readonly id: string; readonly stake: string; readonly carriageway?: 'up' | 'down' };
  readonly view?: { readonly bearing: number };
  readonly area: string;
}

const yaml = (name: string) => parse(readFileSync(new URL(`../../demo/config/${name}.yaml`, import.meta.url), 'utf8'));
const cameras: Thing[] = yaml('cameras').cameras;
const stations: Thing[] = yaml('tianliang').devices.filter(({ kind }: { kind: string }) => kind === 'sensor');
const roads = new Roads(demoRoads());
const areas = new Areas(demoAreas());

test('the demo has six cameras and fourteen weather stations', () => {
  expect(cameras.map(({ id }) => id)).toEqual([
    'k1429-800',
    'k1431-460',
    'k1432-120',
    'k1432-640',
    'k1433-500',
    'k1437-900',
  ]);
  expect(stations.map(({ id }) => id)).toEqual(
    Array.from({ length: 14 }, (_, i) => `ws${String(i + 1).padStart(2, '0')}`),
  );
});

test.each([...cameras, ...stations])(
  '$id stands on the shoulder of its stake, in its area',
  ({ position, road, area }) => {
    const stakeMeters = parseStake(road.stake) ?? 0;
    const stake = roads.pointAt(road.id, stakeMeters, road.carriageway);
    expect(stake && distanceMeters(stake, position)).toBeLessThan(30);
    expect(Math.abs((roads.locate(position)?.stakeMeters ?? 0) - stakeMeters)).toBeLessThan(5);
    expect(areas.areaOf(position)).toBe(area);
  },
);

test.each(cameras)(
  '$id looks along its carriageway, with the traffic',
  ({ road: { id, stake, carriageway }, view }) => {
    const stakeMeters = parseStake(stake) ?? 0;
    const ahead = carriageway === 'down' ? 200 : -200;
    const [here, there] = [stakeMeters, stakeMeters + ahead].map((meters) => roads.pointAt(id, meters, carriageway));
    expect(here && there && angleBetween(bearingDegrees(here, there), view?.bearing ?? 0)).toBeLessThan(10);
  },
);

test.each([
  { name: '青山互通', from: 1_434_000, side: 'down' as const },
  { name: '青山互通', from: 1_438_000, side: 'up' as const },
  { name: '云盘互通', from: 1_442_000, side: 'down' as const },
  { name: '云盘互通', from: 1_449_000, side: 'up' as const },
])('at $name one changes from the $side carriageway onto the other, over two ramps', ({ name, from, side }) => {
  const { features, ...rest } = demoRoads();
  const closed = features.map(({ properties: { emergencyOpenings: _, ...properties }, ...feature }) => ({
    ...feature,
    properties,
  }));
  const graph = new RoadGraph(new Roads({ ...rest, features: closed }));
  const [here, there] = (['down', 'up'] as const).map((each) => ({
    point: roads.pointAt('G76', from, each) ?? { lat: 0, lon: 0 },
    told: { road: 'G76', carriageway: each },
  }));
  if (!here || !there) throw new Error('a road has two sides');
  const [travel] = side === 'down' ? travelTo(graph, there, [here]) : travelTo(graph, here, [there]);
  const parts = travel?.by === 'road' ? partsOf(travel.trip.legs()) : [];
  expect(parts.filter((part) => 'ramp' in part && part.ramp)).toEqual([
    expect.objectContaining({ name: expect.stringContaining(name) }),
    expect.objectContaining({ name: expect.stringContaining(name) }),
  ]);
});
