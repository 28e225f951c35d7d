import type { Flat } from './plane-frame.ts';

/** Nine numbers, row by row: a point of the ground times it is a point of the picture, both in frames of their own. */
export type PlaneMap = readonly number[];

/** Two rows: how the picture moves with the ground. */
export type Jacobian = readonly [uByX: number, uByY: number, vByX: number, vByY: number];

export interface Projected {
  readonly at: Flat;
  /** Positive in front of the camera. */
  readonly depth: number;
}

const cell = (map: PlaneMap, index: number) => map[index] ?? 0;

export function project(map: PlaneMap, [x, y]: Flat): Projected {
  const row = (first: number) => cell(map, first) * x + cell(map, first + 1) * y + cell(map, first + 2);
  const depth = row(6);
  return { at: [row(0) / depth, row(3) / depth], depth };
}

export function jacobianAt(map: PlaneMap, ground: Flat): Jacobian {
  const { at, depth } = project(map, ground);
  const by = (row: number, column: number, value: number) =>
    (cell(map, row + column) - value * cell(map, 6 + column)) / depth;
  return [by(0, 0, at[0]), by(0, 1, at[0]), by(3, 0, at[1]), by(3, 1, at[1])];
}

/** Negative for a camera above its ground: there the picture turns the other way than the map, its y falls where north rises. */
export function determinant(map: PlaneMap): number {
  const m = (index: number) => cell(map, index);
  const minor = (a: number, b: number) => m(3 + a) * m(6 + b) - m(3 + b) * m(6 + a);
  return m(0) * minor(1, 2) - m(1) * minor(0, 2) + m(2) * minor(0, 1);
}

/** The ground behind a point of the picture; undefined where the picture shows none: on and above the horizon. */
export function groundBehind(map: PlaneMap, [u, v]: Flat): Flat | undefined {
  const m = (index: number) => cell(map, index);
  const east = (m(4) * m(8) - m(5) * m(7)) * u + (m(2) * m(7) - m(1) * m(8)) * v + m(1) * m(5) - m(2) * m(4);
  const north = (m(5) * m(6) - m(3) * m(8)) * u + (m(0) * m(8) - m(2) * m(6)) * v + m(2) * m(3) - m(0) * m(5);
  const one = (m(3) * m(7) - m(4) * m(6)) * u + (m(1) * m(6) - m(0) * m(7)) * v + m(0) * m(4) - m(1) * m(3);
  const depth = determinant(map) / one;
  return depth > 0 && Number.isFinite(depth) ? [east / one, north / one] : undefined;
}

/** The two equations a pair gives (direct linear transformation), as rows of nine. */
export function equationsOf([x, y]: Flat, [u, v]: Flat): readonly [number[], number[]] {
  return [
    [x, y, 1, 0, 0, 0, -u * x, -u * y, -u],
    [0, 0, 0, x, y, 1, -v * x, -v * y, -v],
  ];
}
