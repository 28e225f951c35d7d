/** Draws the demo's country: `node demo/draw-world.ts` rewrites roads, areas and land in demo/config. All names are fictional. */
import { writeFileSync } from 'node:fs';
import { beside, blob, type Local, resample, span, spline } from './draw-curve.ts';
import { diamond } from './draw-interchange.ts';

type Feature = {
  type: 'Feature';
  properties: Record<string, unknown>;
  geometry: { type: string; coordinates: unknown };
};

const anchor = { lat: 27.3012, lon: 105.2896, stake: 1_432_300 };
const kmPerLat = 111.195;
const kmPerLon = kmPerLat * Math.cos((anchor.lat * Math.PI) / 180);
const round = (value: number) => Math.round(value * 1e6) / 1e6;
const toLonLat = ([east, north]: Local) => [round(anchor.lon + east / kmPerLon), round(anchor.lat + north / kmPerLat)];
const points = (text: string): Local[] =>
  text.split(/\s+/).map((pair): Local => {
    const [east = 0, north = 0] = pair.split(',').map(Number);
    return [east, north];
  });

const feature = (type: string, coordinates: unknown, properties: Record<string, unknown>): Feature => ({
  type: 'Feature',
  properties,
  geometry: { type, coordinates },
});
const area = (ring: readonly Local[], properties: Record<string, unknown>) =>
  feature('Polygon', [[...ring, ...ring.slice(0, 1)].map(toLonLat)], properties);
const smooth = (text: string) => resample(spline(points(text)), 0.12, [0, 999]);

const west =
  '-12.4,-1.8 -11.4,-1.7 -10.4,-2 -9.5,-1.8 -8.7,-1.2 -7.8,-.9 -6.9,-1.2 -6.2,-1.9 -5.4,-2.3 -4.5,-2.2 -3.77,-1.81 -3.05,-1.25 -2.58,-.94 -1.77,-.58 -.95,-.56 -.44,-.36 0,0';
const east =
  '.5,.58 1,.89 1.65,1 2.35,.78 2.85,.52 3.4,.58 3.9,.95 4.3,1.4 4.75,1.84 5.7,2.4 6.6,2.5 7.5,2.2 8.3,2.5 9,3.2 9.9,3.7 10.9,3.6 11.8,3.1 12.8,3.2 13.6,3.8 14.3,4.6 15.3,5 16.4,4.9 17.3,5.4 18.2,6 19.5,6.2';
const whole = spline(points(`${west} ${east}`));
const anchorIndex = (points(west).length - 1) * 60;
const toAnchor = whole.slice(0, anchorIndex + 1).reduce((sum, p, i) => sum + span(whole[i - 1] ?? p, p), 0);
const centre = resample(whole, 0.05, [toAnchor - 12.3, toAnchor + 19.7]);
const g76 = {
  id: 'G76',
  name: '天响高速',
  kind: 'motorway',
  startStakeMeters: 1_420_000,
  stakes: Array.from({ length: 33 }, (_, km) => [1_420_000 + km * 1_000, km * 20]),
  tunnels: [
    [1_424_600, 1_425_480, '老鹰岩隧道'],
    [1_431_500, 1_432_060, '响水隧道'],
    [1_443_150, 1_444_020, '云盘山隧道'],
  ],
  bridges: [
    [1_427_150, 1_427_420, '岩上沟大桥'],
    [1_437_640, 1_438_060, '石板河大桥'],
    [1_448_300, 1_448_620, '落水洞大桥'],
  ],
  emergencyOpenings: [
    [1_420_300],
    [1_422_500],
    [1_426_000],
    [1_430_900, '响水隧道西口'],
    [1_434_600],
    [1_440_000],
    [1_447_000],
    [1_451_500],
  ],
};
const sides = { up: beside(centre, -0.0125), down: beside(centre, 0.0125) };
const carriageway = (name: 'up' | 'down') =>
  feature('LineString', sides[name].map(toLonLat), { ...g76, carriageway: name });
const road = (properties: Record<string, unknown>, text: string) =>
  feature('LineString', smooth(text).map(toLonLat), { startStakeMeters: 0, ...properties });

const s211 =
  '-7,-4.6 -5,-3.6 -3.6,-2.7 -2.8,-2.1 -1.9,-1.75 -1,-1.6 .35,-1 1.6,-.55 2.6,-.25 3.1,.1 3.3,.57 3.55,1.4 3.75,2.4 3.6,3.6 3.9,5';
const x305 = '2.6,-.25 4.3,-.5 6.5,-.9 9,-.6 11.2,.8 11.9,3 12.6,5.2 15.4,6.4';
/** Ramps between the motorway and the road that goes over it. */
const interchange = (id: string, name: string, over: string) =>
  diamond(sides, smooth(over)).map((line, index) => {
    const letter = 'ABCD'.charAt(index);
    const properties = { id: `${id}-${letter}`, name: `${name} ${letter} 匝道`, kind: 'local', ramp: true };
    return feature('LineString', line.map(toLonLat), properties);
  });

const roads = [
  carriageway('up'),
  carriageway('down'),
  road({ id: 'S211', name: '省道 211', kind: 'trunk', startStakeMeters: 86_000 }, s211),
  road({ id: 'X305', name: '县道 305', kind: 'local' }, x305),
  road(
    { id: 'X118', name: '县道 118', kind: 'local' },
    '-10.4,.2 -8,.9 -6.5,.8 -4.2,.3 -3,.25 -1.4,.9 .2,2.4 1.9,3.3 3.6,3.6',
  ),
  road({ id: 'Y031', name: '乡道 031', kind: 'local' }, '.35,-1 .9,-2.2 .6,-3.6 1.4,-5'),
  ...interchange('QS', '青山互通', s211),
  ...interchange('YP', '云盘互通', x305),
];

const river = smooth(
  '-14,.3 -12,.9 -10,.7 -8,1.3 -6,1.1 -4.1,.85 -3.2,.95 -2.3,1.2 -1.6,1.55 -.6,1.85 .4,1.8 1.4,1.65 2.4,1.85 3.3,2.2 4,2.15 4.64,1.73 5.1,1.2 5.2,.6 5.7,.1 6.8,-.4 8.4,-1.8 11,-2.4 14,-2.1 17,-2.6 21,-2.4',
);
const hills = points(
  '-10.5,2.6 -9.2,-3.6 -7.4,-2.8 -5.8,2.6 -3,2.7 -2.1,-3.4 -.6,3.4 1.7,-3 2.4,4.2 5.2,4.4 6.2,-2.6 7.9,4.6 9.9,1.6 11.4,-1 12.4,6.2 14.2,1.9 16.4,2.6 18.6,3.4',
);
const relief = hills.flatMap((top, n) =>
  [1, 0.78, 0.56, 0.36, 0.18].map((size, level) =>
    area(blob(top, [(1.5 + (n % 3) * 0.35) * size, (1.1 + (n % 4) * 0.2) * size], n * 1.7), { kind: 'relief', level }),
  ),
);
const place = (name: string, rank: string, at: string) =>
  feature('Point', toLonLat(points(at)[0] ?? [0, 0]), { kind: 'place', rank, name });
const land = [
  ...relief,
  area([...beside(river, 0.06), ...beside(river, -0.06).reverse()], { kind: 'water', name: '响水河' }),
  area(blob([-2.6, 2.55], [1.2, 0.6], 1), { kind: 'forest', name: '老鹰岩' }),
  area(blob([2.1, -2.3], [1.35, 1], 4), { kind: 'forest', name: '大箐林场' }),
  area(blob([10, 1.7], [1.3, 0.8], 2), { kind: 'forest', name: '云盘山' }),
  area(blob([3, -0.3], [0.62, 0.4], 3), { kind: 'town', name: '青山镇' }),
  area(blob([-1.7, -1.8], [0.45, 0.24], 5), { kind: 'town', name: '岩上村' }),
  area(blob([5.2, 0.95], [0.3, 0.24], 6), { kind: 'town', name: '石板河' }),
  ...[place('青山镇', 'town', '3,-.32'), place('岩上村', 'village', '-1.7,-1.95'), place('响水坪', 'village', '-3,.2')],
  ...[
    place('石板河', 'village', '5.2,.9'),
    place('青山互通', 'other', '3.1,.25'),
    place('响水河', 'water', '-1.2,1.7'),
  ],
  ...[
    place('老鹰岩', 'other', '-2.9,2.5'),
    place('大箐林场', 'other', '1.75,-1.15'),
    place('花苗岭', 'other', '4.3,-2.1'),
  ],
  ...[place('云盘', 'village', '8.6,1.9'), place('落水洞', 'village', '15.6,4'), place('老营', 'village', '-9.4,-2.6')],
];
const border = points('2.3,9 1.75,4.2 1.55,2.4 1.3,1.4 1.25,.4 1.7,-.4 2.05,-1.4 2.1,-2.8 2.4,-6');
const areas = [
  area([[-14, 9], [-14, -6], ...[...border].reverse()], { id: 'west', name: '西段辖区' }),
  area(
    [...border].reverse().concat([
      [21, 9],
      [21, -6],
    ]),
    { id: 'east', name: '东段辖区' },
  ),
];

for (const [name, features] of Object.entries({ roads, areas, land })) {
  const lines = features.map((each) => JSON.stringify(each)).join(',\n');
  writeFileSync(
    new URL(`config/${name}.geojson`, import.meta.url),
    `{"type":"FeatureCollection","features":[\n${lines}\n]}\n`,
  );
}
