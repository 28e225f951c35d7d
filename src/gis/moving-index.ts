import { type Bounds, isInBounds } from './bounds.ts';
import { distanceMeters, metersPerDegree } from './distance.ts';
import type { GeoPoint } from './point.ts';

export interface Near {
  readonly id: string;
  readonly point: GeoPoint;
  readonly distanceMeters: number;
}

const usualCellDegrees = 0.02;
/** Past this many rings of cells looking at everything is cheaper. */
const mostRings = 12;

type Cell = Map<string, GeoPoint>;

/** Where moving things are now, on a grid: who is near, who is in view. Not across the antimeridian. */
export class MovingIndex {
  readonly #cellDegrees: number;
  readonly #points = new Map<string, GeoPoint>();
  readonly #cells = new Map<number, Cell>();

  /** Cells of about 2 km unless told; the finer, the fewer things are looked at for a short way around. */
  constructor(cellDegrees = usualCellDegrees) {
    this.#cellDegrees = cellDegrees;
  }

  get size(): number {
    return this.#points.size;
  }

  get(id: string): GeoPoint | undefined {
    return this.#points.get(id);
  }

  update(id: string, point: GeoPoint): void {
    const before = this.#points.get(id);
    const key = this.#keyAt(point);
    if (before && this.#keyAt(before) !== key) this.remove(id);
    this.#points.set(id, point);
    const cell = this.#cells.get(key) ?? new Map<string, GeoPoint>();
    this.#cells.set(key, cell.set(id, point));
  }

  remove(id: string): void {
    const point = this.#points.get(id);
    if (!point) return;
    this.#points.delete(id);
    const key = this.#keyAt(point);
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
      const certain = ring * this.#cellMeters(to);
      if (near.filter((each) => each.distanceMeters <= certain).length >= count) return firstOf(near, count);
    }
    return firstOf(this.#everyone(to, accept), count);
  }

  /** All within so many metres, nearest first; only the cells around are looked at. */
  around(to: GeoPoint, meters: number): Near[] {
    const rings = Math.ceil(meters / this.#cellMeters(to));
    const near: Near[] = rings > mostRings ? this.#everyone(to, () => true) : [];
    for (let ring = 0; ring <= rings; ring += 1) {
      for (const [id, point] of this.#ring(to, ring))
        near.push({ id, point, distanceMeters: distanceMeters(to, point) });
    }
    return firstOf(
      near.filter((each) => each.distanceMeters <= meters),
      near.length,
    );
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
    const [column, row] = [this.#columnOf(to), this.#rowOf(to)];
    for (let dx = -ring; dx <= ring; dx += 1) {
      const step = Math.abs(dx) === ring ? 1 : 2 * ring;
      for (let dy = -ring; dy <= ring; dy += step) yield* this.#cells.get(keyOf(column + dx, row + dy)) ?? [];
    }
  }

  #keyAt(point: GeoPoint): number {
    return keyOf(this.#columnOf(point), this.#rowOf(point));
  }

  #columnOf({ lon }: GeoPoint): number {
    return Math.floor((lon + 180) / this.#cellDegrees);
  }

  #rowOf({ lat }: GeoPoint): number {
    return Math.floor((lat + 90) / this.#cellDegrees);
  }

  /** The shorter side of a cell some rings north or south of here. */
  #cellMeters({ lat }: GeoPoint): number {
    const farthest = Math.min(89.9, Math.abs(lat) + (mostRings + 1) * this.#cellDegrees);
    return this.#cellDegrees * metersPerDegree * Math.cos((farthest * Math.PI) / 180);
  }
}

const keyOf = (column: number, row: number) => column * 10_000_000 + row;

const firstOf = (near: Near[], count: number) =>
  near.sort((a, b) => a.distanceMeters - b.distanceMeters).slice(0, count);
