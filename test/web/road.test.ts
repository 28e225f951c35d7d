import { expect, test } from 'vitest';
import type { Camera, Sensor } from '../../web/src/api/shapes.ts';
import { fogStretches } from '../../web/src/road/fog.ts';
import { distanceMeters, pointAt, sectorRing } from '../../web/src/road/geo.ts';
import { nearestCameras } from '../../web/src/road/nearest-cameras.ts';
import { atStake, betweenStakes, roadLine } from '../../web/src/road/road-line.ts';
import { stakeMeters, stakeText } from '../../web/src/road/stake.ts';
import { rulerMarks, rulerWindow } from '../../web/src/ruler/ruler-scale.ts';
import { inRoadOrder, playingSpots, withSpot } from '../../web/src/spots/spot-list.ts';

const camera = (id: string, stake: string): Camera => ({
  id,
  name: id,
  road: 'G76',
  stake,
  state: { phase: 'idle', since: '' },
});
const cameras = [
  camera('far', 'K1449+000'),
  camera('c', 'K1433+500'),
  camera('a', 'K1431+460'),
  camera('b', 'K1432+120'),
  camera('d', 'K1437+900'),
];
const line = roadLine({
  properties: {
    id: 'G76',
    kind: 'motorway',
    stakes: [
      [1_420_000, 0],
      [1_430_000, 1],
      [1_440_000, 2],
    ],
  },
  geometry: {
    type: 'LineString',
    coordinates: [
      [105.1, 27.3],
      [105.2, 27.3],
      [105.3, 27.3],
    ],
  },
});

test('stake marks read both ways, what is none reads as nothing', () => {
  expect(stakeMeters('K1432+300')).toBe(1_432_300);
  expect(stakeMeters('k12')).toBe(12_000);
  expect(['', 'xun7', '巡7', undefined].map((text) => stakeMeters(text))).toEqual(Array(4).fill(undefined));
  expect([stakeText(1_432_300), stakeText(1_432_005.4)]).toEqual(['K1432+300', 'K1432+005']);
});

test('the nearest cameras by road come in driving order, the one that saw it always among them', () => {
  const place = { road: 'G76', stake: 'K1432+300' };
  expect(nearestCameras(place, cameras, 3).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(nearestCameras({ ...place, camera: 'far' }, cameras, 2).map(({ id }) => id)).toEqual(['b', 'far']);
});

test('without a stake the straight distance decides', () => {
  const at = (id: string, lon: number): Camera => ({ ...camera(id, ''), position: { lat: 27.3, lon } });
  const found = nearestCameras({ position: { lat: 27.3, lon: 105.3 } }, [at('x', 105.35), at('y', 105.31)], 1);
  expect(found.map(({ id }) => id)).toEqual(['y']);
});

test('a fifth tile replaces the oldest, and tiles lie in driving order', () => {
  const four = ['d', 'c', 'b', 'a'];
  expect(withSpot(four, 'far')).toEqual(['c', 'b', 'a', 'far']);
  expect(withSpot(four, 'c')).toEqual(four);
  const known = new Map(cameras.map((one) => [one.id, one]));
  expect(inRoadOrder([...four, 'unknown'], known).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});

test('never more than four pictures play, the one in the detail among them', () => {
  expect(playingSpots(['a', 'b', 'c', 'd'], undefined).size).toBe(4);
  expect([...playingSpots(['a', 'b', 'c', 'd'], 'b')]).toEqual(['a', 'c', 'd']);
  expect(playingSpots(['a', 'b', 'c', 'd'], 'far').size).toBe(3);
});

test('a stake lies on its line by the road’s own marks, a stretch has its ends exactly', () => {
  expect(atStake(line, 1_425_000)).toMatchObject({ lat: 27.3, lon: 105.15000000000001, bearing: 90 });
  expect(atStake(line, 1_441_000)).toBeUndefined();
  expect(betweenStakes(line, 1_425_000, 1_435_000).map(([lon = 0]) => lon.toFixed(3))).toEqual([
    '105.150',
    '105.200',
    '105.250',
  ]);
  expect(betweenStakes(line, 1_439_000, 1_450_000).at(-1)).toEqual([105.3, 27.3]);
});

test('a point some way off is that way off, and a sector is a closed ring', () => {
  const from = { lat: 27.3, lon: 105.3 };
  expect(distanceMeters(from, pointAt(from, 37, 500))).toBeCloseTo(500, 0);
  const ring = sectorRing(from, 90, { angle: 60, meters: 300 });
  expect(ring[0]).toEqual(ring.at(-1));
});

test('the ruler shows ten kilometres around the alert, wide enough for every tile, else the whole road', () => {
  expect(rulerWindow(line, undefined, [])).toEqual({ from: 1_420_000, to: 1_440_000 });
  const alert = { road: 'G76', stake: 'K1430+000' };
  expect(rulerWindow(line, alert, [])).toEqual({ from: 1_425_000, to: 1_435_000 });
  expect(rulerWindow(line, alert, [camera('d', 'K1437+900')])).toEqual({ from: 1_425_000, to: 1_438_300 });
  expect(rulerMarks({ from: 1_425_500, to: 1_429_100 }, 900)).toEqual([1426, 1427, 1428, 1429]);
  expect(rulerMarks({ from: 1_420_000, to: 1_452_000 }, 900).at(1)).toBe(1422);
});

test('fog covers the road around its station in the tier of what it reads', () => {
  const station = (visibility: number): Sensor => ({
    id: 's',
    name: 's',
    online: true,
    road: 'G76',
    stake: 'K1432+900',
    values: { visibility },
  });
  expect(fogStretches([station(180)])).toEqual([
    { road: 'G76', from: 1_431_800, to: 1_434_000, visibility: 180, tier: 1 },
  ]);
  expect([99, 49, 200].map((meters) => fogStretches([station(meters)])[0]?.tier)).toEqual([2, 3, undefined]);
});
