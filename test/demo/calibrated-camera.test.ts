import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { height, project, width } from '../../demo/draw/perspective.ts';
import { view } from '../../demo/draw/scenes/pedestrian.ts';
import { calibrate } from '../../src/gis/calibration.ts';
import { distanceMeters } from '../../src/gis/distance.ts';
import { type CalibrationPair, groundPoint } from '../../src/gis/homography.ts';
import { geoOf } from '../gis/pinhole-camera.ts';

interface Entry {
  readonly id: string;
  readonly position: { readonly lat: number; readonly lon: number };
  readonly view: { readonly bearing: number; readonly calibration?: readonly CalibrationPair[] };
}

test('the demo is calibrated as its footage is drawn: a walker is found within a metre, up to 100 m away', () => {
  const { cameras } = parse(readFileSync('demo/config/cameras.yaml', 'utf8')) as { cameras: readonly Entry[] };
  const camera = cameras.find(({ id }) => id === 'k1432-120') ?? expect.fail('no camera');
  const calibration = calibrate(camera.view.calibration ?? []);
  if (calibration.type === 'refused') throw new Error(calibration.reason);
  // The middle of the picture looks along the view's bearing.
  const bearing = (camera.view.bearing * Math.PI) / 180 - Math.atan((width / 2 - view.vanish) / view.focal);
  const pole = { position: camera.position, heightMeters: view.heightMeters, pitch: 0, bearing, focal: view.focal };
  for (const away of [14, 21.5, 40, 100]) {
    const side = 11.3;
    const { x, y } = project(view, { side, up: 0, away });
    const found = groundPoint(calibration.homography, [x / width, y / height]);
    const truth = geoOf(pole, [away, side + view.bend(away) - view.offsetMeters]);
    expect(found && distanceMeters(found, truth), `${away} m`).toBeLessThan(1);
  }
});
