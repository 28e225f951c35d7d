import { expect, test } from 'vitest';
import type { Alert, Camera, Unit } from '../../web/src/api/shapes.ts';
import { countersOf } from '../../web/src/bar/counters.ts';
import { nearbyUnits } from '../../web/src/detail/nearby-units.ts';
import { emptyWorld } from '../../web/src/live/world.ts';
import {
  alertFeatures,
  cameraFeatures,
  errorFeatures,
  sectorFeatures,
  sensorFeatures,
  unitLook,
} from '../../web/src/map/features.ts';
import { thingLayers } from '../../web/src/map/thing-layers.ts';
import { moveTo, positionAt } from '../../web/src/map/unit-motion.ts';
import { tileAge } from '../../web/src/player/tile-age.ts';
import { distanceMeters } from '../../web/src/road/geo.ts';
import { mayAct } from '../../web/src/session/may.ts';
import { ageText, elapsedText, latencyText, lengthText } from '../../web/src/words/figures.ts';

const position = { lat: 27.3, lon: 105.3 };
const view = { bearing: 90, angle: 60, range: 300 };
const camera = (id: string, phase: Camera['state']['phase']): Camera => ({
  id,
  name: id,
  position,
  view,
  state: { phase, since: '' },
});
const unit = (id: string, more: Partial<Unit> = {}): Unit => ({
  id,
  name: id,
  kind: 'patrol',
  status: 'free',
  online: true,
  position,
  ...more,
});
const alert = (severity: Alert['severity'], state: Alert['state'], more: Partial<Alert> = {}): Alert => ({
  id: severity,
  seq: 1,
  version: 1,
  kind: 'low-visibility',
  severity,
  state,
  at: '',
  title: '',
  reasons: [],
  position,
  ...more,
});
const now = Date.UTC(2026, 0, 1);

test('cameras look online, stale or offline, and carry the number of their tile', () => {
  const cameras = [camera('a', 'idle'), camera('b', 'stale'), camera('c', 'waiting'), camera('d', 'live')];
  const icons = cameraFeatures(cameras, ['d', 'b']).map(({ properties }) => properties.icon);
  expect(icons).toEqual(['camera:online', 'spot:stale:2', 'camera:offline', 'spot:online:1']);
  expect(sectorFeatures(cameras, ['d']).map(({ properties }) => properties.look)).toEqual(['online', 'stale', 'spot']);
});

test('what a camera is there to see and does not see is hatched: all of it, or what lies in the fog', () => {
  const blind = { ...camera('a', 'live'), health: { sees: 'nothing', why: 'moved' } } as const;
  const foggy = { ...camera('b', 'live'), seesMeters: 80 };
  const looks = sectorFeatures([blind, foggy], ['a', 'b']).map(({ properties }) => properties.look);
  expect(looks).toEqual(['blind', 'blind', 'spot']);
  expect(cameraFeatures([blind], []).map(({ properties }) => properties.icon)).toEqual(['camera:blind']);
  const farthest = sectorFeatures([foggy], []).map(({ geometry }) => {
    const [ring = []] = geometry.type === 'Polygon' ? geometry.coordinates : [];
    return Math.round(Math.max(...ring.map(([lon = 0, lat = 0]) => distanceMeters(position, { lon, lat }))));
  });
  expect(farthest).toEqual([300, 80]);
});

test('a blind sector is hatched and its edge dashed, that of a picture that has stopped is an edge alone', () => {
  const layers: readonly { id: string; source?: unknown; filter?: unknown }[] = thingLayers((token) => token);
  /** As MapLibre reads the two kinds of filter that these layers have. */
  const shows = ([kind, , wanted, then]: readonly unknown[], look: string) =>
    kind === '==' ? wanted === look : Array.isArray(wanted) && wanted.includes(look) === then;
  const drawnBy = (look: string) =>
    layers
      .filter(({ source, filter }) => source === 'sectors' && Array.isArray(filter) && shows(filter, look))
      .map(({ id }) => id);
  expect(drawnBy('blind')).toEqual(['sectors-blind', 'sector-edges-blind']);
  expect(drawnBy('stale')).toEqual(['sector-edges-blind']);
  expect([drawnBy('online'), drawnBy('spot')]).toEqual([['sectors'], ['sectors']]);
});

test('a blind camera counts among those whose picture is wrong', () => {
  const cameras = [
    camera('a', 'idle'),
    camera('b', 'waiting'),
    { ...camera('c', 'live'), health: { sees: 'nothing' } } as const,
  ];
  const world = { ...emptyWorld, cameras: new Map(cameras.map((one) => [one.id, one])) };
  expect(countersOf(world, now).cameraFaults).toBe(2);
});

test('a unit looks free, busy, on scene, stale or off', () => {
  const seen = new Date(now - 1_000).toISOString();
  const old = new Date(now - 121_000).toISOString();
  const looks = [
    unit('a', { at: seen }),
    unit('b', { status: 'en_route', at: seen }),
    unit('c', { status: 'on_scene', at: seen }),
    unit('d', { at: old }),
    unit('e', { online: false, at: seen }),
  ].map((one) => unitLook(one, now));
  expect(looks).toEqual(['free', 'busy', 'scene', 'stale', 'off']);
});

test('alerts are solid until somebody has them; an untaken critical one has a flag instead', () => {
  const icons = alertFeatures([
    alert('major', 'raised'),
    alert('major', 'acknowledged'),
    alert('critical', 'raised'),
    alert('minor', 'dismissed'),
  ]);
  expect(icons.map(({ properties }) => properties.icon)).toEqual(['alert:major:open:fog', 'alert:major:owned:fog']);
});

test('an alert 30 m unsure has a circle, and a surer one while somebody looks at it', () => {
  const unsure = (id: string, errorMeters: number, state: Alert['state'] = 'raised') =>
    alert('major', state, { id, position: { ...position, errorMeters } });
  const alerts = [unsure('far', 240), unsure('near', 6), unsure('over', 240, 'dismissed'), alert('minor', 'raised')];
  expect(errorFeatures(alerts)).toHaveLength(1);
  expect(errorFeatures(alerts, 'near')).toHaveLength(2);
  const [ring] = errorFeatures(alerts, 'near').flatMap(({ geometry }) =>
    geometry.type === 'Polygon' ? geometry.coordinates.slice(0, 1) : [],
  );
  const [lon = 0, lat = 0] = ring?.[0] ?? [];
  expect(distanceMeters(position, { lat, lon })).toBeCloseTo(240, 0);
});

test('a station’s pill holds the tier of its visibility', () => {
  const station = (visibility: number, online = true) => ({
    id: 's',
    name: 's',
    online,
    position,
    values: { visibility },
  });
  const pills = sensorFeatures([station(180), station(1_240), station(80, false)]);
  expect(pills.map(({ properties }) => [properties.pill, properties.text])).toEqual([
    ['pill:1:fog', '180 m'],
    ['pill:0:fog', '1.2 km'],
    ['pill:stale:fog', '80 m'],
  ]);
});

test('a unit glides one second at most; leaps and invisible steps are drawn at once', () => {
  const still = moveTo(undefined, position, { now: 0, visibleMeters: 1 });
  const near = { lat: 27.3, lon: 105.3002 };
  const gliding = moveTo(still, near, { now: 1_000, visibleMeters: 1 });
  expect(positionAt(gliding, 1_500).lon).toBeCloseTo(105.3001, 6);
  expect(positionAt(gliding, 9_000)).toEqual(near);
  expect(moveTo(gliding, near, { now: 1_200, visibleMeters: 1 })).toBe(gliding);
  expect(moveTo(still, { lat: 27.4, lon: 105.3 }, { now: 0, visibleMeters: 1 }).end).toBe(0);
  expect(moveTo(still, near, { now: 0, visibleMeters: 50 }).end).toBe(0);
});

test('the bar counts; a camera that nobody watches is no fault', () => {
  const world = {
    ...emptyWorld,
    cameras: new Map([camera('a', 'idle'), camera('b', 'stale'), camera('c', 'waiting')].map((one) => [one.id, one])),
    units: new Map(
      [unit('a'), unit('b', { status: 'on_scene' }), unit('c', { online: false })].map((one) => [one.id, one]),
    ),
  };
  expect(countersOf(world, now)).toMatchObject({
    cameraFaults: 2,
    cameras: 3,
    unitsFree: 1,
    units: 3,
    lowestVisibility: undefined,
  });
});

test('free units come before nearer busy ones', () => {
  const on = (id: string, stake: string, more: Partial<Unit> = {}) => unit(id, { road: 'G76', stake, ...more });
  const units = [
    on('far', 'K1440+000'),
    on('busy', 'K1432+000', { status: 'en_route' }),
    on('near', 'K1430+000'),
    on('gone', 'K1432+300', { online: false }),
  ];
  const found = nearbyUnits({ road: 'G76', stake: 'K1432+300' }, units);
  expect(found.map(({ unit: { id }, meters }) => [id, meters])).toEqual([
    ['near', 2_300],
    ['far', 7_700],
    ['busy', 300],
  ]);
});

test('a picture is counted after two seconds and frozen after five', () => {
  expect([1_900, 2_001, 5_001].map(tileAge)).toEqual(['fresh', 'counting', 'frozen']);
});

test('times, lengths and ages read as the wall writes them', () => {
  expect([18_000, 740_000, 3_740_000, -5].map(elapsedText)).toEqual(['0:18', '12:20', '1:02:20', '0:00']);
  expect([180, 1_240].map(lengthText)).toEqual(['180 m', '1.2 km']);
  expect([12.4, 1_200].map(latencyText)).toEqual(['12 ms', '1.2 s']);
  expect([340, 12_300, 98_000].map(ageText)).toEqual(['0.3 s', '12 s', '1:38']);
});

test('a viewer may not act, a reviewer may confirm but not take', () => {
  expect((['take', 'confirm', 'dismiss'] as const).map((what) => mayAct('viewer', what))).toEqual([
    false,
    false,
    false,
  ]);
  expect((['take', 'confirm', 'dismiss'] as const).map((what) => mayAct('reviewer', what))).toEqual([
    false,
    true,
    true,
  ]);
});
