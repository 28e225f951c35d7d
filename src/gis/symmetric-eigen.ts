/** Eigenvalues from the smallest on, and the unit vector of each. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

type Rows = number[][];

const sweeps = 60;

/**
 * Of a symmetric matrix given as rows, by Jacobi's cyclic rotations: slower than others and right to the last digit,
 * which for nine by nine is what counts.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const a = matrix.map((row) => [...row]);
  const size = a.length;
  const vectors: Rows = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < sweeps && offDiagonal(a) > 0; sweep += 1)
    for (let p = 0; p < size - 1; p += 1) for (let q = p + 1; q < size; q += 1) rotate(a, vectors, [p, q]);
  const order = a.map((_, index) => index).toSorted((i, j) => at(a, i, i) - at(a, j, j));
  return {
    values: order.map((index) => at(a, index, index)),
    vectors: order.map((index) => vectors.map((row) => row[index] ?? 0)),
  };
}

const at = (a: Rows, i: number, j: number) => a[i]?.[j] ?? 0;

/** What is left beside the diagonal; nothing once it is lost in the rounding of the rest. */
function offDiagonal(a: Rows): number {
  let [off, on] = [0, 0];
  for (const [i, row] of a.entries())
    for (const [j, value] of row.entries()) {
      if (i === j) on += value * value;
      else off += value * value;
    }
  return off > on * 1e-32 ? off : 0;
}

/** Turns the plane of two axes until they have nothing to do with each other. */
function rotate(a: Rows, vectors: Rows, [p, q]: readonly [number, number]): void {
  const apq = at(a, p, q);
  if (apq === 0) return;
  const theta = (at(a, q, q) - at(a, p, p)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cos = 1 / Math.sqrt(t * t + 1);
  const turn = { p, q, cos, sin: t * cos };
  turnColumns(a, turn);
  turnRows(a, turn);
  turnColumns(vectors, turn);
}

interface Turn {
  readonly p: number;
  readonly q: number;
  readonly cos: number;
  readonly sin: number;
}

function turnColumns(rows: Rows, { p, q, cos, sin }: Turn): void {
  for (const row of rows) {
    const [x, y] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = cos * x - sin * y;
    row[q] = sin * x + cos * y;
  }
}

function turnRows(rows: Rows, { p, q, cos, sin }: Turn): void {
  const [one = [], other = []] = [rows[p], rows[q]];
  for (const [k, x] of one.entries()) {
    const y = other[k] ?? 0;
    one[k] = cos * x - sin * y;
    other[k] = sin * x + cos * y;
  }
}
