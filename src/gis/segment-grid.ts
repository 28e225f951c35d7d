import { type Bounds, growBounds } from './bounds.ts';
import { bearingDegrees, distanceMeters } from './distance.ts';
import type { GeoPoint } from './point.ts';
import { between, type RoadLine } from './road-line.ts';

/** The stretch of a line between its vertices `index` and `index + 1`. */
export interface Segment {
  readonly line: RoadLine;
  readonly index: number;
  readonly a: GeoPoint;
  readonly b: GeoPoint;
  readonly fromMeters: number;
  readonly toMeters: number;
  /** The direction in which stakes rise, degrees from north. */
  readonly rising: number;
}

const cellDegrees = 0.005;
/** Long straight segments are entered piece by piece, so that a diagonal does not fill a square. */
const pieceMeters = 250;

/** Every segment under each cell it can be seen from within `reachMeters`: a lookup reads one cell. */
export class SegmentGrid {
  readonly #cells = new Map<number, Segment[]>();
  readonly #reachMeters: number;

  constructor(lines: readonly RoadLine[], reachMeters: number) {
    this.#reachMeters = reachMeters;
    for (const segment of lines.flatMap(segmentsOf)) this.#enter(segment);
  }

  /** All segments within reach of the point, and some that are not. */
  near({ lat, lon }: GeoPoint): readonly Segment[] {
    return this.#cells.get(keyOf(cellOf(lon), cellOf(lat))) ?? [];
  }

  #enter(segment: Segment): void {
    const pieces = Math.ceil(distanceMeters(segment.a, segment.b) / pieceMeters) || 1;
    for (let piece = 0; piece < pieces; piece += 1) {
      const a = between(segment.a, segment.b, piece / pieces);
      const b = between(segment.a, segment.b, (piece + 1) / pieces);
      for (const key of cellsUnder(growBounds(boxOf(a, b), this.#reachMeters))) this.#add(key, segment);
    }
  }

  #add(key: number, segment: Segment): void {
    const cell = this.#cells.get(key);
    if (!cell) this.#cells.set(key, [segment]);
    else if (cell.at(-1) !== segment) cell.push(segment);
  }
}

function segmentsOf(line: RoadLine): Segment[] {
  return line.points.slice(0, -1).flatMap((a, index) => {
    const b = line.points[index + 1];
    const [fromMeters = 0, toMeters = 0] = line.stakes.slice(index, index + 2);
    return b ? [{ line, index, a, b, fromMeters, toMeters, rising: bearingDegrees(a, b) }] : [];
  });
}

function* cellsUnder({ west, south, east, north }: Bounds): Iterable<number> {
  for (let x = cellOf(west); x <= cellOf(east); x += 1) {
    for (let y = cellOf(south); y <= cellOf(north); y += 1) yield keyOf(x, y);
  }
}

const cellOf = (degrees: number) => Math.floor(degrees / cellDegrees);
const keyOf = (x: number, y: number) => x * 100_000 + y;
const boxOf = (a: GeoPoint, b: GeoPoint): Bounds => ({
  west: Math.min(a.lon, b.lon),
  south: Math.min(a.lat, b.lat),
  east: Math.max(a.lon, b.lon),
  north: Math.max(a.lat, b.lat),
});
