import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { fromWgs84 } from '../../src/gis/datum.ts';
import { distanceMeters } from '../../src/gis/distance.ts';
import type { CalibrationPair } from '../../src/gis/homography.ts';
import { checkValue } from '../../src/shared/check-value.ts';
import { cameraStatus } from '../../src/streams/cameras/camera-status.ts';
import { CamerasFile } from '../../src/streams/config.ts';
import { resolveCameras } from '../../src/streams/resolve-cameras.ts';
import { marksOf, pairAt } from '../gis/pinhole-camera.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const pole = { position: { lat: 27.3, lon: 105.29 }, heightMeters: 8, pitch: 0.12, bearing: 0.8, focal: 1_600 };
const pairs = marksOf(pole, 6).map((spot) => pairAt(pole, spot));
const sector = { bearing: 44, angle: 50, range: 240 };
const source = 'rtsp://10.0.0.1/1';
const written = ({ pixel: [x, y], ...point }: CalibrationPair) => ({ pixel: [x, y] as [number, number], ...point });
const issuesOf = (file: unknown) => {
  const checked = checkValue(CamerasFile, file);
  return checked.ok ? [] : checked.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

test('pairs are written in any datum and kept in WGS-84', () => {
  const calibration = pairs.map(({ pixel, ...point }) => ({ pixel, ...fromWgs84(point, 'gcj02'), datum: 'gcj02' }));
  const checked = checkValue(CamerasFile, { cameras: [{ id: 'a', source, view: { ...sector, calibration } }] });
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  const view = resolveCameras(checked.value)[0]?.view;
  expect(view?.calibration?.map(({ pixel }) => pixel)).toEqual(pairs.map(({ pixel }) => pixel));
  for (const [index, pair] of (view?.calibration ?? []).entries())
    expect(distanceMeters(pair, pairs[index] ?? pole.position)).toBeLessThan(0.5);
  expect(view?.calibration?.[0]).not.toHaveProperty('datum');
});

test.each([
  ['fewer than 4', pairs.slice(0, 3), 'cameras.0.view.calibration: expected 4 to 32 points'],
  [
    'a pixel beside the picture',
    [{ ...pairs[0], pixel: [1.2, 0] }, ...pairs],
    'cameras.0.view.calibration.0.pixel.0: ',
  ],
  ['no place', [{ pixel: [0, 0] }, ...pairs], 'cameras.0.view.calibration.0.lat: missing'],
])('%s is refused by its path', (_, calibration, start) => {
  const issues = issuesOf({ cameras: [{ id: 'a', source, view: { ...sector, calibration } }] });
  expect(
    issues.some((issue) => issue.startsWith(start)),
    issues.join('\n'),
  ).toBe(true);
});

test('no pairs hold for every camera', () => {
  const issues = issuesOf({ defaults: { view: { ...sector, calibration: pairs } } });
  expect(issues.join()).toContain('defaults.view.calibration: unknown key');
});

test('pairs that no camera sees so are refused where they stand', async () => {
  await using dir = await tempDir();
  const line = [20, 40, 60, 90].map((ahead) => pairAt(pole, [ahead, 3]));
  const written = line.map(
    ({ pixel, lat, lon }) => `        - { pixel: [${pixel.join(', ')}], lat: ${lat}, lon: ${lon} }`,
  );
  const head = [
    'cameras:',
    '  - id: a',
    `    source: ${source}`,
    '    view:',
    '      bearing: 44',
    '      angle: 50',
    '      range: 240',
  ];
  await writeFile(join(dir.path, 'cameras.yaml'), [...head, '      calibration:', ...written].join('\n'));
  const refused = loadConfig(dir.path, {});
  await expect(refused).rejects.toThrow(
    /cameras\.yaml:9:9 cameras\[0\]\.view\.calibration expected pairs .*on one line/,
  );
});

test('what a camera was calibrated by is not shown to whoever sees the camera', () => {
  const [camera] = resolveCameras({
    cameras: [{ id: 'a', source, view: { ...sector, calibration: pairs.map(written) } }],
  });
  if (!camera) throw new Error('no camera');
  const facts = { lastFrameAt: undefined, video: undefined, sound: undefined, viewers: 0 };
  expect(cameraStatus(camera, { state: { phase: 'idle', since: new Date(0) }, ...facts }).view).toEqual(sector);
});
