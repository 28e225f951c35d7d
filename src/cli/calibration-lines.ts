import { type CalibratedView, calibrationYaml } from '../gis/calibration-yaml.ts';
import type { CalibrationPair } from '../gis/homography.ts';
import { groundAhead } from '../gis/seen-ground.ts';
import { type SuspectPair, suspectPair } from '../gis/suspect-pair.ts';

/** A calibration that fits; residuals in metres, one a pair. */
export interface Calibrated extends CalibratedView {
  readonly residuals: readonly number[];
}

/** Four pairs have no spare one to show a mistake by. */
const telling = 6;
const distances = [50, 100, 200];
/** From here on a pair is looked for that may be wrong. */
const suspectMeters = 2;

/** How far each pair is off, the worst, what an alert would be off by at some distances, and what to write in cameras.yaml. */
export function calibrationLines(calibrated: Calibrated): string[] {
  const { pairs, residuals } = calibrated;
  const off = Math.max(...residuals);
  const suspect = suspectPair(pairs);
  return [
    'pair  picture         ground                      off',
    ...pairs.map((pair, index) => pairLine(pair, index, residuals[index] ?? 0)),
    `the worst is pair ${residuals.indexOf(off) + 1}: ${off.toFixed(2)} m`,
    // A pair that is wrong near the camera pulls those far away off by more metres than itself.
    ...(suspect && off > suspectMeters && suspect.othersMeters < off / 3 ? [suspectLine(suspect)] : []),
    ...(pairs.length < telling ? [`${pairs.length} pairs hardly show a wrong one: take ${telling} or more`] : []),
    ...errorLines(calibrated),
    '',
    ...calibrationYaml(calibrated),
  ];
}

/** Why there is no calibration, and which pair is to blame if one is. */
export function refusalLines(pairs: readonly CalibrationPair[], reason: string): string[] {
  const suspect = suspectPair(pairs);
  return suspect ? [reason, suspectLine(suspect)] : [reason];
}

function suspectLine({ index, othersMeters }: SuspectPair): string {
  return `without pair ${index + 1} the others agree to ${othersMeters.toFixed(2)} m`;
}

function pairLine({ pixel: [x, y], lat, lon }: CalibrationPair, index: number, off: number): string {
  const picture = `${x.toFixed(4)}, ${y.toFixed(4)}`;
  const ground = `${lat.toFixed(6)}, ${lon.toFixed(6)}`;
  return `${String(index + 1).padStart(4)}  ${picture.padEnd(14)}  ${ground.padEnd(22)}  ${off.toFixed(2).padStart(7)} m`;
}

function errorLines({ homography, position }: Calibrated): string[] {
  if (!position) return ['the camera has no position: errors at a distance from it are not known'];
  return distances.map((meters) => {
    const found = groundAhead(homography, position, { meters });
    const text = found ? `±${found.errorMeters.toFixed(1)} m` : 'not in the middle of the picture';
    return `at ${String(meters).padStart(3)} m  ${text}`;
  });
}
