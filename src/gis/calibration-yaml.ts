import type { CalibrationPair, Homography } from './homography.ts';
import type { GeoPoint } from './point.ts';
import type { View } from './sector.ts';
import { seenView } from './seen-ground.ts';

/** A calibration that fits, and what the camera's entry says besides. */
export interface CalibratedView {
  readonly pairs: readonly CalibrationPair[];
  readonly homography: Homography;
  readonly position?: GeoPoint | undefined;
  readonly view?: View | undefined;
}

/** The `view` of the camera's entry in cameras.yaml, line by line; what it says already stays, the rest is taken from the picture. */
export function calibrationYaml({ pairs, homography, position, view }: CalibratedView): string[] {
  const sector = view ?? (position && seenView(homography, position));
  return [
    'view:',
    `  bearing: ${sector?.bearing ?? '?'}`,
    `  angle: ${sector?.angle ?? '?'}`,
    `  range: ${sector?.range ?? '?'}`,
    '  calibration:',
    ...pairs.map(
      ({ pixel: [x, y], lat, lon }) =>
        `    - { pixel: [${x.toFixed(4)}, ${y.toFixed(4)}], lat: ${lat.toFixed(7)}, lon: ${lon.toFixed(7)} }`,
    ),
  ];
}
