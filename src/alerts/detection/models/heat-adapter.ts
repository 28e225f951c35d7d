import type { Corners } from '../letterbox.ts';
import { type Adapter, type Answer, asBytes, type Found, type ModelForm, type Wanted } from './model-form.ts';
import { squareOf } from './square-input.ts';
import { suppress } from './suppress.ts';

const heatNode = /(?:^|\/)keypoints(?::0)?$/;
const extentNode = /(?:^|\/)wh(?::0)?$/;
/** Two peaks in one thing answer nearly the same box. */
const mostOverlap = 0.7;

/**
 * A CenterNet by its own two answers: how sure each cell is of each class [1, rows, columns, classes], and how far a box's
 * sides are from it [1, rows, columns, 4]. Both are of any picture: `sizes` are what the graph scales to on its way.
 */
export function heatAdapter(form: ModelForm, sizes: readonly string[]): Adapter | undefined {
  const square = squareOf(form);
  const heat = form.outputs.find(({ name, shape }) => heatNode.test(name) && shape.length === 4);
  const extent = form.outputs.find(({ name, shape }) => extentNode.test(name) && shape.at(-1) === 4);
  if (!square || !heat || !extent || sizes.length === 0) return undefined;
  const find = ([one, other]: readonly Answer[], wanted: Wanted) => (one && other ? findPeaks(one, other, wanted) : []);
  return { name: 'centernet', input: { ...square, ...asBytes }, outputs: [heat.name, extent.name], find, sizes };
}

/** Cells that are as sure of a class as any around them. */
function findPeaks(heat: Answer, extent: Answer, { minScore, room }: Wanted): Found[] {
  const [, rows = 0, columns = 0, classes = 1] = heat.shape;
  const step = room.width / columns;
  const grid = { data: heat.data, rows, columns, classes };
  const found: Found[] = [];
  for (let at = 0; at < rows * columns * classes; at++) {
    const score = heat.data[at] ?? 0;
    if (!(score >= minScore && score <= 1) || !isPeak(grid, at)) continue;
    const cell = Math.floor(at / classes);
    const corners = cornersOf(extent.data, cell, { x: (cell % columns) * step, y: Math.floor(cell / columns) * step });
    if (corners.every(Number.isFinite)) found.push({ corners, score, kind: at % classes });
  }
  return suppress(found, mostOverlap);
}

interface Grid {
  readonly data: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
}

function isPeak({ data, rows, columns, classes }: Grid, at: number): boolean {
  const cell = Math.floor(at / classes);
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  const score = data[at] ?? 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
      if ((data[(y * columns + x) * classes + (at % classes)] ?? 0) > score) return false;
  return true;
}

function cornersOf(data: ArrayLike<number>, cell: number, middle: { readonly x: number; readonly y: number }): Corners {
  const [left = 0, top = 0, right = 0, bottom = 0] = [0, 1, 2, 3].map((side) => data[cell * 4 + side]);
  return [middle.x - left, middle.y - top, middle.x + right, middle.y + bottom];
}
