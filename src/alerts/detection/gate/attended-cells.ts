import type { UnitBox } from '../model.ts';
import type { WatchedCamera } from '../watched-camera.ts';
import { type Corner, contains } from '../zone.ts';
import type { LumaGrid } from './luma-grid.ts';
import type { Attended } from './moved-regions.ts';

type Detect = WatchedCamera['detect'];

/** So far around a zone something moving is somebody about to enter it, in parts of the picture. */
const approach = 0.1;

/**
 * Which cells' movement matters: none in a mask; and where all rules ask only who stands in a zone, none far from the zones:
 * the traffic of the lanes is no reason to look at a shoulder.
 */
export function attendedCells(detect: Detect, { columns, rows }: Pick<LumaGrid, 'columns' | 'rows'>): Attended {
  const zones = localZones(detect);
  const masks = detect.masks ?? [];
  return Uint8Array.from({ length: columns * rows }, (_, index) => {
    const point: Corner = [((index % columns) + 0.5) / columns, (Math.floor(index / columns) + 0.5) / rows];
    const isMasked = masks.some((mask) => contains(mask, point));
    return !isMasked && (zones === undefined || zones.some((zone) => isNear(zone, point))) ? 1 : 0;
  });
}

/** Undefined when a rule needs to know how somebody came: who goes over a line, or against the traffic, is followed from afar. */
function localZones({ zones = [], lines = [] }: Detect): UnitBox[] | undefined {
  const isLocal = lines.length === 0 && zones.every(({ rule = 'presence' }) => rule !== 'wrong-way');
  return isLocal ? zones.map(({ polygon }) => boundsOf(polygon)) : undefined;
}

function boundsOf(polygon: readonly Corner[]): UnitBox {
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function isNear({ x, y, width, height }: UnitBox, [px, py]: Corner): boolean {
  const isAcross = px >= x - approach && px <= x + width + approach;
  return isAcross && py >= y - approach && py <= y + height + approach;
}
