import type { AssignmentView } from '../api/incident-shapes.ts';
import type { Position } from '../api/shapes.ts';
import type { ShownWay } from '../sending/ways-shown.ts';

type Bounds = [west: number, south: number, east: number, north: number];

const pair = ({ lat, lon }: Position) => [lon, lat];

/** The way along the road when the server knows it, else straight; none once it is there. */
export function dutyWay(
  { unit, way, state, position }: AssignmentView,
  from: Position | undefined,
): ShownWay | undefined {
  if (state === 'arrived') return undefined;
  if (way?.route) return { unit, look: 'chosen', by: 'road', coordinates: way.route.coordinates };
  return from && position
    ? { unit, look: 'chosen', by: 'straight', coordinates: [from, position].map(pair) }
    : undefined;
}

/** The unit, its way and the place; undefined when there is not enough to frame. */
export function dutyBounds({ way, position }: AssignmentView, from: Position | undefined): Bounds | undefined {
  const points = [...(way?.route?.coordinates ?? []), ...[from, position].flatMap((one) => (one ? [pair(one)] : []))];
  if (points.length < 2) return undefined;
  const lons = points.map(([lon = 0]) => lon);
  const lats = points.map(([, lat = 0]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
