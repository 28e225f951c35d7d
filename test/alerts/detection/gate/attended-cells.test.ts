import { expect, test } from 'vitest';
import { attendedCells } from '../../../../src/alerts/detection/gate/attended-cells.ts';
import type { Corner, Line, Zone } from '../../../../src/alerts/detection/zone.ts';

const size = { columns: 20, rows: 10 };
const square = (x: number, y: number, side: number): Corner[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];
const shoulder: Zone = { id: 'shoulder', polygon: square(0.7, 0.4, 0.2) };
const against: Zone = { ...shoulder, id: 'lane', rule: 'wrong-way' };
const line: Line = {
  id: 'line',
  points: [
    [0, 0.5],
    [1, 0.5],
  ],
};
const isAttended = (cells: Uint8Array, [x, y]: Corner) => cells[Math.floor(y * 10) * 20 + Math.floor(x * 20)] === 1;

test('only what moves in a zone or near it matters where rules ask who stands in zones', () => {
  const cells = attendedCells({ zones: [shoulder] }, size);
  expect(isAttended(cells, [0.8, 0.5])).toBe(true);
  expect(isAttended(cells, [0.63, 0.5])).toBe(true);
  expect(isAttended(cells, [0.3, 0.5])).toBe(false);
});

test.each([
  ['a line', { zones: [shoulder], lines: [line] }],
  ['a wrong way', { zones: [shoulder, against] }],
])('everything matters where %s is watched', (_, detect) => {
  expect(attendedCells(detect, size).every((cell) => cell === 1)).toBe(true);
});

test('what moves in a mask does not matter', () => {
  const cells = attendedCells({ lines: [line], masks: [square(0, 0, 0.2)] }, size);
  expect(isAttended(cells, [0.1, 0.1])).toBe(false);
  expect(isAttended(cells, [0.3, 0.3])).toBe(true);
});
