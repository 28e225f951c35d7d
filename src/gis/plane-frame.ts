/** A point of a plane: nominal pixels, metres, or either of them brought near 1. */
export type Flat = readonly [x: number, y: number];

/** Moves points to around zero and scales them to about one, without which their equations are ill-conditioned (Hartley). */
export interface PlaneFrame {
  readonly center: Flat;
  readonly scale: number;
}

export function planeFrameOf(points: readonly Flat[]): PlaneFrame {
  const center = centerOf(points);
  const spread = mean(points.map((point) => Math.hypot(...minus(point, center))));
  return { center, scale: spread > 0 ? Math.SQRT2 / spread : 1 };
}

export const toFrame = ({ center, scale }: PlaneFrame, point: Flat): Flat => {
  const [x, y] = minus(point, center);
  return [x * scale, y * scale];
};

export const fromFrame = ({ center: [x, y], scale }: PlaneFrame, [u, v]: Flat): Flat => [u / scale + x, v / scale + y];

/** How far points scatter across the line that fits them best: root mean square, in their own unit. */
export function breadthOf(points: readonly Flat[]): number {
  const center = centerOf(points);
  const offsets = points.map((point) => minus(point, center));
  const [xx, xy, yy] = [
    mean(offsets.map(([x]) => x * x)),
    mean(offsets.map(([x, y]) => x * y)),
    mean(offsets.map(([, y]) => y * y)),
  ];
  return Math.sqrt(Math.max(0, eigenvaluesOf([xx, xy, yy])[0]));
}

/** A symmetric matrix of two rows: its first row, and the end of its second. */
export type Symmetric = readonly [xx: number, xy: number, yy: number];

export function eigenvaluesOf([xx, xy, yy]: Symmetric): readonly [smaller: number, larger: number] {
  const middle = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  return [middle - half, middle + half];
}

const minus = ([x, y]: Flat, [cx, cy]: Flat): Flat => [x - cx, y - cy];
const centerOf = (points: readonly Flat[]): Flat => [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
