import { expect, test } from 'vitest';
import { lumaGrid } from '../../../../src/alerts/detection/gate/luma-grid.ts';
import { greyPicture } from '../../../helpers/yuv.ts';

test('a picture of 1280 × 720 becomes 160 × 90 cells, each the mean of its pixels', () => {
  const isThere = (x: number, y: number) => y >= 8 && y < 16 && x >= 16 && x < 24;
  const picture = greyPicture(1_280, 720, (x, y) => (isThere(x, y) ? 204 : 51));
  const { columns, rows, cells } = lumaGrid(picture);
  expect([columns, rows]).toEqual([160, 90]);
  expect(cells[160 + 2]).toBeCloseTo(204, 0);
  expect(cells.filter((cell) => Math.abs(cell - 51) < 0.5)).toHaveLength(160 * 90 - 1);
});

test('black is 0, white is 255, colours do not count, and a small picture has a cell for each pixel', () => {
  const yuv = Uint8Array.of(16, 235, 235, 16, 240, 16);
  expect(lumaGrid({ width: 2, height: 2, yuv })).toEqual({
    columns: 2,
    rows: 2,
    cells: Float32Array.of(0, 255, 255, 0),
  });
});

test.each([
  [2, 2],
  [162, 4],
  [640, 2_000],
])('every cell of a picture of %i × %i has pixels', (width, height) => {
  const { cells } = lumaGrid(greyPicture(width, height, 102));
  expect(cells.every((cell) => Math.abs(cell - 102) < 0.5)).toBe(true);
});
