import { bearingDegrees, distanceMeters } from './distance.ts';
import { type GroundPoint, groundPoint, type Homography, type PicturePoint } from './homography.ts';
import type { GeoPoint } from './point.ts';
import type { View } from './sector.ts';

const steps = 40;
/** Sees no farther than this, whatever the picture says. */
const mostRangeMeters = 1_000;

/** The ground so many metres from the camera in one column of its picture; undefined where the picture does not show it. */
export function groundAhead(
  homography: Homography,
  camera: GeoPoint,
  { meters, column = 0.5 }: { readonly meters: number; readonly column?: number },
): GroundPoint | undefined {
  let [far, near] = [0, 1];
  for (let step = 0; step < steps; step += 1) {
    const middle = (far + near) / 2;
    const point = groundPoint(homography, [column, middle]);
    if (point && distanceMeters(camera, point) <= meters) near = middle;
    else far = middle;
  }
  const found = groundPoint(homography, [column, near]);
  return found && Math.abs(distanceMeters(camera, found) - meters) < 1 ? found : undefined;
}

/** Where a calibrated camera looks, how wide, and as far as its picture says something; whole degrees and metres. */
export function seenView(homography: Homography, camera: GeoPoint): View | undefined {
  const top = highestGround(homography, 0.5);
  const farthest = groundPoint(homography, top);
  if (!farthest) return undefined;
  const [left, right] = [0, 1].map((column) => {
    const edge = groundPoint(homography, highestGround(homography, column));
    return edge && bearingDegrees(camera, edge);
  });
  if (left === undefined || right === undefined) return undefined;
  return {
    bearing: Math.round(bearingDegrees(camera, farthest)),
    angle: Math.round((right - left + 360) % 360),
    range: Math.round(Math.min(mostRangeMeters, distanceMeters(camera, farthest))),
  };
}

function highestGround(homography: Homography, column: number): PicturePoint {
  let [sky, ground] = [0, 1];
  for (let step = 0; step < steps; step += 1) {
    const middle = (sky + ground) / 2;
    if (groundPoint(homography, [column, middle])) ground = middle;
    else sky = middle;
  }
  return [column, ground];
}
