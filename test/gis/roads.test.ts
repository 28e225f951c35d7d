import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaIssues, roadIssues } from '../../src/gis/config.ts';
import { bearingDegrees, destination, distanceMeters } from '../../src/gis/distance.ts';
import { type RoadFeature, RoadsGeoJson } from '../../src/gis/road-feature.ts';
import { RoadLine } from '../../src/gis/road-line.ts';
import { Roads } from '../../src/gis/roads.ts';
import { checkValue } from '../../src/shared/check-value.ts';
import { demoAreas, demoRoads } from './demo-world.ts';

const roads = new Roads(demoRoads());
const stakes = fc.double({ min: 1_420_000, max: 1_452_000, noNaN: true });
const carriageways = fc.constantFrom('up' as const, 'down' as const);
const road = (properties: Partial<RoadFeature['properties']>, coordinates: [number, number][]): RoadFeature => ({
  type: 'Feature',
  properties: { id: 'T1', kind: 'trunk', ...properties },
  geometry: { type: 'LineString', coordinates },
});

test('the demo country passes the checks no schema can make', () => {
  expect(roadIssues(demoRoads())).toEqual([]);
  expect(areaIssues(demoAreas())).toEqual([]);
});

test('K1432+300 lies where the wall says', () => {
  const point = roads.pointAt('G76', 1_432_300);
  expect(point && distanceMeters(point, { lat: 27.3012, lon: 105.2896 })).toBeLessThan(5);
});

test('every stake is found again at its own point, within two metres and on its carriageway', () => {
  fc.assert(
    fc.property(stakes, carriageways, (stakeMeters, carriageway) => {
      const point = roads.pointAt('G76', stakeMeters, carriageway);
      const place = point && roads.locate(point);
      expect(place).toMatchObject({ road: 'G76', carriageway });
      expect(Math.abs((place?.stakeMeters ?? 0) - stakeMeters)).toBeLessThan(2);
    }),
  );
});

test('a receiver that errs by ten metres still finds the stake, even where another road crosses', () => {
  fc.assert(
    fc.property(stakes, fc.double({ min: 0, max: 359, noNaN: true }), (stakeMeters, bearing) => {
      const point = roads.pointAt('G76', stakeMeters, 'down');
      const ahead = roads.pointAt('G76', Math.min(1_452_000, stakeMeters + 1), 'down');
      const before = roads.pointAt('G76', stakeMeters - 1, 'down');
      if (!point || !ahead || !before) return;
      const place = roads.locate(destination(point, bearing, 10), { heading: bearingDegrees(before, ahead) });
      expect(place).toMatchObject({ road: 'G76', carriageway: 'down' });
      expect(Math.abs((place?.stakeMeters ?? 0) - stakeMeters)).toBeLessThan(16);
      expect(place?.distanceMeters).toBeLessThanOrEqual(10.01);
    }),
  );
});

test('a road that crosses at a slant does not take what drives along the other', () => {
  const point = roads.pointAt('G76', 1_436_055.73, 'down');
  const north = point && destination(point, 0, 10);
  expect(north && roads.locate(north, { heading: 74 })).toMatchObject({ road: 'G76', carriageway: 'down' });
  expect(north && roads.locate(north, { heading: 17 })).toMatchObject({ road: 'S211' });
});

test('the heading tells which carriageway a point between both is on', () => {
  const middle = roads.pointAt('G76', 1_434_500);
  const place = (heading: number) => middle && roads.locate(middle, { heading })?.carriageway;
  expect(place(100)).toBe('down');
  expect(place(280)).toBe('up');
});

test('away from every road there is no place', () => {
  expect(roads.locate({ lat: 27.29, lon: 105.36 })).toBeUndefined();
  expect(roads.locate({ lat: 0, lon: 0 })).toBeUndefined();
  expect(roads.pointAt('G76', 1_500_000)).toBeUndefined();
  expect(roads.pointAt('G99', 1_430_000)).toBeUndefined();
});

test('a trunk road without carriageways has places without one', () => {
  const point = roads.pointAt('S211', 90_000);
  expect(point && roads.locate(point)).toEqual({
    road: 'S211',
    stake: 'K90+000',
    stakeMeters: expect.closeTo(90_000, 0),
    distanceMeters: expect.closeTo(0, 3),
  });
});

test('a calibrated line follows its stakes, not its length', () => {
  const line = new RoadLine(
    road(
      {
        stakes: [
          [10_000, 0],
          [11_200, 1],
          [12_000, 2],
        ],
      },
      [
        [105, 27],
        [105, 27.01],
        [105, 27.02],
      ],
    ),
  );
  expect(line.pointAt(10_600)?.lat).toBeCloseTo(27.005, 6);
  expect(line.pointAt(11_600)?.lat).toBeCloseTo(27.015, 6);
  expect(line.bearingAt(11_600)).toBeCloseTo(0, 3);
});

test('a segment as long as a province is found in its middle', () => {
  const far = new Roads({
    type: 'FeatureCollection',
    features: [
      road({}, [
        [100, 25],
        [104, 29],
      ]),
    ],
  });
  expect(far.locate({ lat: 27, lon: 102 })?.road).toBe('T1');
});

test('stakes that fall or name a missing vertex are refused with their place', () => {
  const issues = (stakes: [number, number][]) =>
    roadIssues({
      type: 'FeatureCollection',
      features: [
        road({ stakes }, [
          [105, 27],
          [105, 28],
        ]),
      ],
    });
  expect(
    issues([
      [2_000, 0],
      [1_000, 1],
    ]),
  ).toMatchObject([{ path: ['features', 0, 'properties', 'stakes'] }]);
  expect(
    issues([
      [1_000, 0],
      [2_000, 7],
    ])[0]?.message,
  ).toContain('under 2');
  expect(
    issues([
      [1_000, 0],
      [2_000, 1],
    ]),
  ).toEqual([]);
});

test('a ramp is no place: what drives on it is on the road beside it, or on none', () => {
  const ramp = road({ id: 'R', ramp: true }, [
    [105, 27],
    [105, 27.01],
  ]);
  const beside = road({ carriageway: 'down' }, [
    [105.0005, 27],
    [105.0005, 27.01],
  ]);
  const found = new Roads({ type: 'FeatureCollection', features: [ramp, beside] });
  expect(found.has('R')).toBe(false);
  expect(found.locate({ lat: 27.005, lon: 105 })).toMatchObject({
    road: 'T1',
    distanceMeters: expect.closeTo(49.5, 0),
  });
  expect(new Roads({ type: 'FeatureCollection', features: [ramp] }).locate({ lat: 27.005, lon: 105 })).toBeUndefined();
});

test('an opening needs two carriageways at its stake, and a ramp has none', () => {
  const ends: [number, number][] = [
    [105, 27],
    [105, 27.01],
  ];
  const features = [
    road({ id: 'G1', carriageway: 'down', emergencyOpenings: [[500], [1_500, '北口']] }, ends),
    road({ id: 'G1', carriageway: 'up' }, ends),
    road({ id: 'S2', emergencyOpenings: [[100]] }, ends),
    road({ id: 'R3', ramp: true, carriageway: 'up' }, ends),
  ];
  expect(roadIssues({ type: 'FeatureCollection', features }).map(({ path }) => path.join('.'))).toEqual([
    'features.0.properties.emergencyOpenings.1',
    'features.2.properties.emergencyOpenings.0',
    'features.3.properties.carriageway',
  ]);
});

test('how a road is driven is checked like the rest of it', () => {
  const wrong = { speed: 500, oneway: 'yes', median: 2, ramp: 'A', emergencyOpenings: [['K1'], []] };
  const { features, ...rest } = demoRoads();
  const [first, ...others] = features;
  const changed = first && { ...first, properties: { ...first.properties, ...wrong } };
  const checked = checkValue(RoadsGeoJson, { ...rest, features: [changed, ...others] });
  const issues = checked.ok ? [] : checked.issues.map(({ path, message }) => `${path.slice(3).join('.')} ${message}`);
  expect(issues).toEqual(
    expect.arrayContaining([
      'speed expected km/h, from 5 to 200',
      'oneway expected true where traffic goes only the way the line is drawn',
      'median expected true where a median keeps both ways apart',
      'ramp expected true for the ramp of an interchange',
      'emergencyOpenings.1 expected an opening [stake metres, name]',
    ]),
  );
});

/** A motorway to the north-east; beside it a service road, 25 m to the south-east; a lane that crosses both. */
function threeRoads() {
  const begin = { lat: 27, lon: 105 };
  const line = (id: string, kind: 'motorway' | 'local', [from, to]: readonly [typeof begin, typeof begin]) => ({
    ...road({ id, kind }, [
      [from.lon, from.lat],
      [to.lon, to.lat],
    ]),
  });
  const along = (from: typeof begin) => [from, destination(from, 45, 1_000)] as const;
  const crossing = destination(destination(begin, 45, 500), 315, 300);
  const features = [
    line('G1', 'motorway', along(begin)),
    line('L1', 'local', along(destination(begin, 135, 25))),
    line('L2', 'local', [crossing, destination(crossing, 135, 600)]),
  ];
  const at = (alongMeters: number, asideMeters: number) =>
    destination(destination(begin, 45, alongMeters), 135, asideMeters);
  return { roads: new Roads({ type: 'FeatureCollection', features }), at };
}

test.each([
  ['nothing is known but the point: the nearest', [200, 20], {}, 'L1'],
  [
    'the camera is there for the motorway, and the point may be that far off',
    [200, 20],
    { road: 'G1', errorMeters: 15 },
    'G1',
  ],
  ['the hard shoulder is the motorway still', [200, 9.9], { road: 'G1', errorMeters: 0 }, 'G1'],
  [
    'the point is surely on the side road, whatever the camera is there for',
    [200, 25],
    { road: 'G1', errorMeters: 5 },
    'L1',
  ],
  ['the camera is there for the side road', [200, 5], { road: 'L1', errorMeters: 15 }, 'L1'],
  [
    'the camera names a road that is not there: the others are as if it named none',
    [200, 25],
    { road: 'G9', errorMeters: 2 },
    'L1',
  ],
  ['no road is named: the higher class, as far as the point may be off', [200, 15], { errorMeters: 20 }, 'G1'],
  ['no road is named, but the point is sure', [200, 15], { errorMeters: 2 }, 'L1'],
  ['the camera looks along the motorway where a lane crosses', [504, 7], { bearing: 225, errorMeters: 15 }, 'G1'],
  ['the camera looks along the lane, far from the motorway', [504, -60], { bearing: 135, errorMeters: 15 }, 'L2'],
  ['of two side roads the one it looks along', [508, 37], { bearing: 45, errorMeters: 15 }, 'L1'],
] as const)('%s', (...[, [alongMeters, asideMeters], clue, expected]) => {
  const { roads: three, at } = threeRoads();
  expect(three.locate(at(alongMeters, asideMeters), clue)?.road).toBe(expected);
});

test('a place that may be off by its error is never put on another road than the one it was seen from', () => {
  const { roads: three, at } = threeRoads();
  const offset = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 50, max: 950, noNaN: true }), offset, (alongMeters, asideMeters) => {
      const clue = { road: 'G1', errorMeters: Math.abs(asideMeters) };
      expect(three.locate(at(alongMeters, asideMeters), clue)?.road).toBe('G1');
    }),
  );
});

test('25 000 lookups take well under a second', () => {
  const points = Array.from(
    { length: 25_000 },
    (_, i) => roads.pointAt('G76', 1_420_000 + i * 1.28, i % 2 ? 'up' : 'down') ?? { lat: 0, lon: 0 },
  );
  const before = process.cpuUsage();
  const found = points.filter((point) => roads.locate(point)).length;
  expect(found).toBe(25_000);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
});

test('a wrong roads.geojson is refused with every place and expectation at once', () => {
  const wrong = {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { kind: 'path' },
        geometry: {
          type: 'LineString',
          coordinates: [
            [105, 91],
            [205, 27],
          ],
        },
      },
      { type: 'Feature', properties: { id: 'T2', kind: 'local' }, geometry: { type: 'Point', coordinates: [105, 27] } },
    ],
  };
  const checked = checkValue(RoadsGeoJson, wrong);
  const issues = checked.ok ? [] : checked.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  expect(issues).toEqual(
    expect.arrayContaining([
      'features.0.properties.id missing; expected the road number, like G76',
      'features.0.properties.kind expected one of: motorway, trunk, local',
      'features.0.geometry.coordinates.0.1 expected a number from -90 to 90',
      'features.0.geometry.coordinates.1.0 expected a number from -180 to 180',
      'features.1.geometry.type expected a LineString',
    ]),
  );
});
