import { expect, test } from 'vitest';
import type { Observation } from '../src/alerts/observation.ts';
import { CameraGrounds } from '../src/camera-grounds.ts';
import { Areas } from '../src/gis/areas.ts';
import { bearingDegrees, distanceMeters } from '../src/gis/distance.ts';
import { placeOf, type Whereabouts } from '../src/gis/place.ts';
import { Roads } from '../src/gis/roads.ts';
import { parseStake } from '../src/gis/stake.ts';
import type { ViewConfig } from '../src/streams/view-config.ts';
import { demoAreas, demoRoads } from './gis/demo-world.ts';
import { geoOf, marksOf, type Pinhole, pairAt, pixelOf, type Spot } from './gis/pinhole-camera.ts';

const ground = { roads: new Roads(demoRoads()), areas: new Areas(demoAreas()) };
const find = (given: Whereabouts) => placeOf(ground, given);
const stand = (meters: number) => ground.roads.pointAt('G76', meters, 'down') ?? { lat: 0, lon: 0 };

/** Stands on the carriageway and looks along it. */
const pole: Pinhole = {
  position: stand(1_432_120),
  heightMeters: 8,
  pitch: 0.12,
  bearing: (bearingDegrees(stand(1_432_120), stand(1_432_220)) * Math.PI) / 180,
  focal: 1_600,
};
const sector = { bearing: 44, angle: 50, range: 240 };
const calibrated: ViewConfig = { ...sector, calibration: marksOf(pole, 8).map((spot) => pairAt(pole, spot)) };

const grounds = new CameraGrounds([{ id: 'c1', view: calibrated }, { id: 'c2', view: sector }, { id: 'c3' }], find);

/** A person whose feet are on that spot, as the detector tells it. */
function seen(camera: string, spot: Spot, more: Partial<Observation> = {}): Observation {
  const [x, y] = pixelOf(pole, spot);
  return {
    key: `person:${camera}:shoulder`,
    kind: 'person-on-road',
    severity: 'critical',
    at: new Date(0),
    position: pole.position,
    title: '行人进入硬路肩',
    reasons: [],
    camera,
    area: 'west',
    road: 'G76',
    stake: 'K1432+120',
    carriageway: 'down',
    box: { x: x - 0.01, y: y - 0.08, width: 0.02, height: 0.08, score: 0.9 },
    ...more,
  };
}

test("a person seen by a calibrated camera stands at the person's own place, stake and carriageway", () => {
  const { position, ...placed } = grounds.placed(seen('c1', [100, 0]));
  expect(distanceMeters(position, geoOf(pole, [100, 0]))).toBeLessThan(0.1);
  expect(position.errorMeters).toBeGreaterThan(1);
  expect(position.errorMeters).toBeLessThan(10);
  expect(placed).toMatchObject({
    road: 'G76',
    carriageway: 'down',
    area: 'west',
    camera: 'c1',
    key: 'person:c1:shoulder',
  });
  expect(Math.abs((parseStake(placed.stake ?? '') ?? 0) - 1_432_220)).toBeLessThan(5);
});

test("farther away than one can tell carriageways apart, the camera's own counts", () => {
  const up = { carriageway: 'up' as const };
  const [near, far] = [grounds.placed(seen('c1', [60, 0], up)), grounds.placed(seen('c1', [220, 0], up))];
  expect([near.carriageway, far.carriageway]).toEqual(['down', 'up']);
  expect(far.position.errorMeters).toBeGreaterThan(12);
  expect(Math.abs((parseStake(far.stake ?? '') ?? 0) - 1_432_340)).toBeLessThan(15);
});

test('without pairs it is at the camera, off by as far as the camera sees', () => {
  const observation = seen('c2', [100, 0]);
  expect(grounds.placed(observation)).toEqual({ ...observation, position: { ...pole.position, errorMeters: 240 } });
});

test('what stands in the sky or too far away is at the camera as well', () => {
  const flying = seen('c1', [100, 0], { box: { x: 0.5, y: 0, width: 0.02, height: 0.05, score: 0.9 } });
  expect(grounds.placed(flying)).toMatchObject({
    position: { ...pole.position, errorMeters: 240 },
    stake: 'K1432+120',
  });
});

test('without a view, or a box, or a camera, nothing is claimed', () => {
  for (const observation of [seen('c3', [100, 0]), seen('c1', [100, 0], { box: undefined }), seen('other', [100, 0])])
    expect(grounds.placed(observation)).toBe(observation);
});

test('a changed calibration counts from the next observation on', () => {
  const changing = new CameraGrounds([{ id: 'c1', view: sector }], find);
  expect(changing.placed(seen('c1', [100, 0])).position.errorMeters).toBe(240);
  changing.configure([{ id: 'c1', view: calibrated }]);
  expect(changing.placed(seen('c1', [100, 0])).position.errorMeters).toBeLessThan(10);
});

test('a calibration is fitted when its camera first has something to place, and so many are kept', () => {
  const lazy = new CameraGrounds([{ id: 'c1', view: calibrated }, { id: 'c3' }], find);
  expect(lazy.fitted).toBe(0);
  lazy.placed(seen('c3', [100, 0]));
  expect(lazy.fitted).toBe(0);
  const first = lazy.placed(seen('c1', [100, 0]));
  expect([lazy.fitted, lazy.placed(seen('c1', [100, 0]))]).toEqual([1, first]);
  const many = Array.from({ length: 2_100 }, (_, n) => ({ id: `k${n}`, view: sector }));
  lazy.configure(many);
  expect(lazy.fitted).toBe(0);
  for (const { id } of many) expect(lazy.placed(seen(id, [100, 0])).position.errorMeters).toBe(240);
  expect(lazy.fitted).toBe(2_048);
});

test('what a camera of the motorway sees is on the motorway, though a service road runs as near', () => {
  const asked: Whereabouts[] = [];
  const listening = new CameraGrounds([{ id: 'c1', view: calibrated }], (given) => {
    asked.push(given);
    return find(given);
  });
  const { position } = listening.placed(seen('c1', [150, 0]));
  expect(asked).toMatchObject([{ clue: { road: 'G76', bearing: 44 } }]);
  expect(asked[0]?.clue?.errorMeters).toBeCloseTo(position.errorMeters ?? 0, 1);
});
