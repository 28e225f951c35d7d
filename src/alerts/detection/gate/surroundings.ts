import { scratchCells } from './scratch-cells.ts';

interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly cells: Float32Array;
}

const radius = 2;

/** Each cell less the mean of the five by five around it: what has an edge stands out, what changes softly does not. Good until the next picture. */
export function lessSurroundings(field: Cells): Float32Array<ArrayBuffer> {
  const { columns, rows, cells } = field;
  const sums = summedArea(field);
  const wide = columns + 1;
  const left = scratchCells('less surroundings', cells.length);
  for (let y = 0; y < rows; y++) {
    const [top, bottom] = [Math.max(0, y - radius), Math.min(rows, y + radius + 1)];
    for (let x = 0; x < columns; x++) {
      const [from, to] = [Math.max(0, x - radius), Math.min(columns, x + radius + 1)];
      const below = (sums[bottom * wide + to] ?? 0) - (sums[bottom * wide + from] ?? 0);
      const above = (sums[top * wide + to] ?? 0) - (sums[top * wide + from] ?? 0);
      const at = y * columns + x;
      left[at] = (cells[at] ?? 0) - (below - above) / ((bottom - top) * (to - from));
    }
  }
  return left;
}

let room = new Float64Array();

/** The sum of all above and to the left of each corner; of the first line and row nothing. */
function summedArea({ columns, rows, cells }: Cells): Float64Array {
  const wide = columns + 1;
  if (room.length !== wide * (rows + 1)) room = new Float64Array(wide * (rows + 1));
  const sums = room;
  for (let y = 0; y < rows; y++) {
    let line = 0;
    for (let x = 0; x < columns; x++) {
      line += cells[y * columns + x] ?? 0;
      sums[(y + 1) * wide + x + 1] = (sums[y * wide + x + 1] ?? 0) + line;
    }
  }
  return sums;
}
