import { expect, test } from 'vitest';
import { readDividedRoad } from '../../demo/simulators/devices/divided-road.ts';
import { demoFleet } from '../../demo/simulators/devices/fleet.ts';
import { type DriveState, drive, parked, placeOf } from '../../demo/simulators/devices/patrol-drive.ts';
import { distanceMeters } from '../../src/gis/distance.ts';

const road = await readDividedRoad('demo/config/roads.geojson', 'G76');
const beat = {
  fromMeters: 1_420_500,
  toMeters: 1_424_000,
  startMeters: 1_421_000,
  carriageway: 'down',
  cruise: 20,
} as const;

function states(seconds: number, random: () => number): DriveState[] {
  const all = [parked(beat)];
  for (let t = 0; t < seconds; t += 2) all.push(drive(all.at(-1) ?? parked(beat), beat, { seconds: 2, random }));
  return all;
}

test('a vehicle gathers speed, keeps to it, and turns back at the end of its beat', () => {
  const all = states(900, () => 0.5);
  expect(Math.max(...all.map(({ speed }) => speed))).toBeLessThan(22.1);
  expect(all.every(({ stakeMeters }) => stakeMeters >= 1_420_500 && stakeMeters <= 1_424_000)).toBe(true);
  const sides = all.map(({ carriageway }) => carriageway);
  const turns = sides.filter((side, index) => index > 0 && side !== sides[index - 1]);
  expect(turns.slice(0, 3)).toEqual(['up', 'down', 'up']);
});

test('it never jumps: from one fix to the next is what its speed allows', () => {
  const points = states(600, () => 0.5).map((state) => placeOf(state, road));
  for (const [index, { point }] of points.entries()) {
    expect(distanceMeters(points[index - 1]?.point ?? point, point)).toBeLessThan(60);
  }
});

test('the heading is the way the traffic goes on that side', () => {
  const at = (carriageway: 'up' | 'down') =>
    placeOf({ stakeMeters: 1_422_000, carriageway, speed: 0, waitSeconds: 0 }, road);
  expect(Math.abs(Math.abs(at('up').heading - at('down').heading) - 180)).toBeLessThan(6);
  expect(at('down').heading).toBeGreaterThan(20);
  expect(at('down').heading).toBeLessThan(160);
});

test('a patrol stops now and then, and drives on', () => {
  const stopping = drive({ stakeMeters: 1_421_000, carriageway: 'down', speed: 20, waitSeconds: 0 }, beat, {
    seconds: 2,
    random: () => 0,
  });
  expect(stopping).toMatchObject({ speed: 0, waitSeconds: 25 });
  expect(drive({ ...stopping, waitSeconds: 1 }, beat, { seconds: 2, random: () => 0.5 }).waitSeconds).toBe(0);
});

test('twelve vehicles, each on its own beat of the road, three of them waiting', () => {
  expect(new Set(demoFleet.map(({ id }) => id)).size).toBe(12);
  for (const {
    beat: { fromMeters, toMeters, startMeters },
  } of demoFleet) {
    expect(startMeters).toBeGreaterThanOrEqual(Math.max(fromMeters, road.down.fromMeters));
    expect(startMeters).toBeLessThanOrEqual(Math.min(toMeters, road.down.toMeters));
  }
  expect(demoFleet.filter(({ beat: { cruise } }) => cruise === 0)).toHaveLength(3);
});
