import { expect, test } from 'vitest';
import { lumaGrid } from '../../../../src/alerts/detection/gate/luma-grid.ts';

test('a picture of 1280 × 720 becomes 160 × 90 cells, each the mean of its pixels', () => {
  const [width, height] = [1_280, 720];
  const rgb = new Uint8Array(width * height * 3).fill(40);
  for (let y = 8; y < 16; y++) rgb.fill(200, (y * width + 16) * 3, (y * width + 24) * 3);
  const { columns, rows, cells } = lumaGrid({ width, height, rgb });
  expect([columns, rows]).toEqual([160, 90]);
  expect(cells[160 + 2]).toBe(200);
  expect(cells.filter((cell) => cell === 40)).toHaveLength(160 * 90 - 1);
});

test('green counts twice, and a small picture has a cell for each pixel', () => {
  const rgb = Uint8Array.of(100, 0, 0, 0, 100, 0, 0, 0, 100, 255, 255, 255);
  expect(lumaGrid({ width: 2, height: 2, rgb })).toEqual({
    columns: 2,
    rows: 2,
    cells: Float32Array.of(25, 50, 25, 255),
  });
});

test.each([
  [1, 1],
  [161, 3],
  [640, 2_000],
])('every cell of a picture of %i × %i has pixels', (width, height) => {
  const { cells } = lumaGrid({ width, height, rgb: new Uint8Array(width * height * 3).fill(9) });
  expect(cells.every((cell) => cell === 9)).toBe(true);
});
