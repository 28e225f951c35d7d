import { expect, test } from 'vitest';
import { Areas } from '../../src/gis/areas.ts';
import { distanceMeters } from '../../src/gis/distance.ts';
import { placeOf } from '../../src/gis/place.ts';
import { Roads } from '../../src/gis/roads.ts';
import { viewSector } from '../../src/gis/sector.ts';
import { demoAreas, demoRoads } from './demo-world.ts';

const ground = { roads: new Roads(demoRoads()), areas: new Areas(demoAreas()) };

test('a point learns its road, stake, carriageway and area', () => {
  const position = ground.roads.pointAt('G76', 1_437_900, 'up') ?? { lat: 0, lon: 0 };
  expect(placeOf(ground, { position })).toEqual({
    position,
    road: 'G76',
    stake: 'K1437+900',
    carriageway: 'up',
    area: 'east',
  });
});

test('an area is called by its name, one that is not there by its id', () => {
  const { areas } = ground;
  const [first] = areas.list();
  expect([first && areas.nameOf(first.id), areas.nameOf('nowhere')]).toEqual([first?.name, 'nowhere']);
  expect(first?.name).not.toBe(first?.id);
});

test('a stake learns its point and area', () => {
  const place = placeOf(ground, { road: 'G76', stake: 'K1432+300', carriageway: 'down' });
  expect(place).toMatchObject({ road: 'G76', stake: 'K1432+300', carriageway: 'down', area: 'west' });
  expect(place.position && distanceMeters(place.position, { lat: 27.3012, lon: 105.2896 })).toBeLessThan(20);
});

test('what is written down is not corrected', () => {
  const position = { lat: 27.3, lon: 105.29 };
  const given = { position, road: 'G76', stake: 'K1499+000', area: 'east' };
  expect(placeOf(ground, given)).toEqual(given);
});

test('nothing known is nothing claimed', () => {
  expect(placeOf(ground, {})).toEqual({});
  expect(placeOf(ground, { position: { lat: 50, lon: 8 } })).toEqual({ position: { lat: 50, lon: 8 } });
  expect(placeOf(ground, { road: 'G76', stake: 'K9999+000' })).toEqual({ road: 'G76', stake: 'K9999+000' });
});

test('a view is a closed slice from the camera, counterclockwise, as far as it sees', () => {
  const position = { lat: 27.3, lon: 105.29 };
  const [ring = []] = viewSector(position, { bearing: 44, angle: 50, range: 240 }).coordinates;
  expect(ring[0]).toEqual([105.29, 27.3]);
  expect(ring.at(-1)).toEqual(ring[0]);
  for (const [lon, lat] of ring.slice(1, -1)) expect(distanceMeters(position, { lat, lon })).toBeCloseTo(240, 3);
  expect(signedArea(ring)).toBeGreaterThan(0);
});

test('a camera that sees all round covers a closed circle without its centre', () => {
  const [ring = []] = viewSector({ lat: 27.3, lon: 105.29 }, { bearing: 0, angle: 360, range: 100 }).coordinates;
  expect(ring.at(-1)).toEqual(ring[0]);
  expect(ring).not.toContainEqual([105.29, 27.3]);
  expect(signedArea(ring)).toBeGreaterThan(0);
});

function signedArea(ring: readonly (readonly [number, number, number?])[]): number {
  return ring.slice(1).reduce((sum, [lon, lat], i) => {
    const [lonBefore, latBefore] = ring[i] ?? [0, 0];
    return sum + (lonBefore * lat - lon * latBefore);
  }, 0);
}
