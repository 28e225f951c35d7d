import { type Bounds, isInBounds } from './bounds.ts';
import { distanceMeters, metersPerDegree } from './distance.ts';
import type { GeoPoint } from './point.ts';

export interface Near {
  readonly id: string;
  readonly point: GeoPoint;
  readonly distanceMeters: number;
}

const cellDegrees = 0.02;
/** Past this many rings of cells looking at everything is cheaper. */
const mostRings = 12;

type Cell = Map<string, GeoPoint>;

/** Where moving things are now, on a grid of about 2 km: who is near, who is in view. Not across the antimeridian. */
export class MovingIndex {
  readonly #points = new Map<string, GeoPoint>();
  readonly #cells = new Map<number, Cell>();

  get size(): number {
    return this.#points.size;
  }

  get(id: string): GeoPoint | undefined {
    return this.#points.get(id);
  }

  update(id: string, point: GeoPoint): void {
    const before = this.#points.get(id);
    const key = keyOf(columnOf(point), rowOf(point));
    if (before && keyOf(columnOf(before), rowOf(before)) !== key) this.remove(id);
    this.#points.set(id, point);
    const cell = this.#cells.get(key) ?? new Map<string, GeoPoint>();
    this.#cells.set(key, cell.set(id, point));
  }

  remove(id: string): void {
    const point = this.#points.get(id);
    if (!point) return;
    this.#points.delete(id);
    const key = keyOf(columnOf(point), rowOf(point));
    const cell = this.#cells.get(key);
    cell?.delete(id);
    if (cell?.size === 0) this.#cells.delete(key);
  }

  /** The `count` nearest as the crow flies, nearest first; only those that `accept` takes. */
  nearest(to: GeoPoint, count: number, accept: (id: string) => boolean = () => true): Near[] {
    const near: Near[] = [];
    for (let ring = 0; ring <= mostRings; ring += 1) {
      for (const [id, point] of this.#ring(to, ring)) {
        if (accept(id)) near.push({ id, point, distanceMeters: distanceMeters(to, point) });
      }
      // Whatever lies in a later ring is at least this far.
      const certain = ring * cellMeters(to);
      if (near.filter((each) => each.distanceMeters <= certain).length >= count) return firstOf(near, count);
    }
    return firstOf(this.#everyone(to, accept), count);
  }

  /** Ids of all within the box. */
  within(bounds: Bounds): string[] {
    return [...this.#points].filter(([, point]) => isInBounds(bounds, point)).map(([id]) => id);
  }

  #everyone(to: GeoPoint, accept: (id: string) => boolean): Near[] {
    return [...this.#points]
      .filter(([id]) => accept(id))
      .map(([id, point]) => ({ id, point, distanceMeters: distanceMeters(to, point) }));
  }

  *#ring(to: GeoPoint, ring: number): Iterable<[string, GeoPoint]> {
    const [column, row] = [columnOf(to), rowOf(to)];
    for (let dx = -ring; dx <= ring; dx += 1) {
      const step = Math.abs(dx) === ring ? 1 : 2 * ring;
      for (let dy = -ring; dy <= ring; dy += step) yield* this.#cells.get(keyOf(column + dx, row + dy)) ?? [];
    }
  }
}

const columnOf = ({ lon }: GeoPoint) => Math.floor((lon + 180) / cellDegrees);
const rowOf = ({ lat }: GeoPoint) => Math.floor((lat + 90) / cellDegrees);
const keyOf = (column: number, row: number) => column * 100_000 + row;

/** The shorter side of a cell some rings north or south of here. */
function cellMeters({ lat }: GeoPoint): number {
  const farthest = Math.min(89.9, Math.abs(lat) + (mostRings + 1) * cellDegrees);
  return cellDegrees * metersPerDegree * Math.cos((farthest * Math.PI) / 180);
}

const firstOf = (near: Near[], count: number) =>
  near.sort((a, b) => a.distanceMeters - b.distanceMeters).slice(0, count);
