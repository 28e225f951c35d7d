import type { YuvFrame } from '../model.ts';
import { scratchCells } from './scratch-cells.ts';

/** A picture as few cells of brightness, each the mean of what it covers: noise of single pixels is gone, a far pedestrian is not. */
export interface LumaGrid {
  readonly columns: number;
  readonly rows: number;
  /** 0 to 255, rows from the top. Good until the next picture. */
  readonly cells: Float32Array<ArrayBuffer>;
}

const mostColumns = 160;
/** In cells of so many pixels every second pixel of every second row says as much. */
const dense = 4;
/** What a decoded picture has for them. */
const [black, white] = [16, 235];

export function lumaGrid(frame: YuvFrame): LumaGrid {
  const { width, height } = frame;
  const columns = Math.min(mostColumns, width);
  const rows = Math.max(1, Math.min(height, Math.round((columns * height) / width)));
  const across = edges(width, columns);
  const down = edges(height, rows);
  const stride = width / columns >= dense ? 2 : 1;
  const cells = scratchCells('grid', columns * rows);
  for (let row = 0; row < rows; row++) {
    const lines = { first: down[row] ?? 0, end: down[row + 1] ?? height, stride };
    fillRow(cells.subarray(row * columns, (row + 1) * columns), frame, { across, ...lines });
  }
  return { columns, rows, cells };
}

/** Where each cell begins in a line of pixels, and where the last one ends. */
function edges(pixels: number, cells: number): Int32Array {
  return Int32Array.from({ length: cells + 1 }, (_, index) => Math.floor((index * pixels) / cells));
}

interface Strip {
  readonly across: Int32Array;
  readonly first: number;
  readonly end: number;
  readonly stride: number;
}

function fillRow(cells: Float32Array, frame: YuvFrame, { across, ...lines }: Strip): void {
  for (let column = 0; column < cells.length; column++) {
    const [left, right] = [across[column] ?? 0, across[column + 1] ?? frame.width];
    cells[column] = meanOf(frame, lines, [left, right]);
  }
}

/** Written without anything that allocates: it reads a quarter of a million pixels a picture. */
function meanOf(
  { yuv, width }: YuvFrame,
  { first, end, stride }: Omit<Strip, 'across'>,
  [left, right]: readonly [number, number],
): number {
  let sum = 0;
  let count = 0;
  for (let y = first; y < end; y += stride) {
    const stop = y * width + right;
    for (let at = y * width + left; at < stop; at += stride) {
      sum += yuv[at] ?? 0;
      count += 1;
    }
  }
  return ((sum / count - black) * 255) / (white - black);
}
