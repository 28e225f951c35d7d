import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Areas } from '../../src/gis/areas.ts';
import { angleBetween, bearingDegrees, distanceMeters } from '../../src/gis/distance.ts';
import { Roads } from '../../src/gis/roads.ts';
import { parseStake } from '../../src/gis/stake.ts';
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
