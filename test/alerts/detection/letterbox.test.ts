import { expect, test } from 'vitest';
import { fitInto, fromLetterbox, letterbox } from '../../../src/alerts/detection/letterbox.ts';

const square = (side: number) => ({ width: side, height: side });

test.each([
  { name: 'a wide picture', width: 1280, height: 720, fit: { left: 0, top: 112, width: 512, height: 288 } },
  { name: 'a tall picture', width: 720, height: 1280, fit: { left: 112, top: 0, width: 288, height: 512 } },
  { name: 'a square', width: 100, height: 100, fit: { left: 0, top: 0, width: 512, height: 512 } },
  { name: 'a line', width: 4000, height: 1, fit: { left: 0, top: 255, width: 512, height: 1 } },
])('$name lies centred in the square with its aspect kept', ({ width, height, fit }) => {
  expect(fitInto({ width, height }, square(512))).toEqual(fit);
});

test('every pixel of the square is the mean of what it covers, and the rest is black', () => {
  const rgb = new Uint8Array([10, 20, 30, 30, 40, 50, 200, 0, 0, 100, 0, 0]);
  const floats = letterbox({ width: 4, height: 1, rgb }, square(2));
  expect([...floats]).toEqual([20, 30, 40, 150, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test('a picture smaller than the square is enlarged to it', () => {
  const floats = letterbox({ width: 1, height: 1, rgb: new Uint8Array([7, 8, 9]) }, square(2));
  expect([...floats]).toEqual([7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9]);
});

test('a part of the picture is enlarged alone', () => {
  const rgb = Uint8Array.from({ length: 48 }, (_, at) => Math.floor(at / 3));
  const floats = letterbox({ width: 4, height: 4, rgb }, square(2), { left: 2, top: 1, width: 2, height: 2 });
  expect([...floats]).toEqual([6, 6, 6, 7, 7, 7, 10, 10, 10, 11, 11, 11]);
});

test.each([
  { name: 'whole picture', corners: [0, 112, 512, 400], box: { x: 0, y: 0, width: 1, height: 1 } },
  { name: 'lower right quarter', corners: [256, 256, 512, 400], box: { x: 0.5, y: 0.5, width: 0.5, height: 0.5 } },
  { name: 'cut at the edges', corners: [-50, 0, 256, 256], box: { x: 0, y: 0, width: 0.5, height: 0.5 } },
  { name: 'all in the black', corners: [0, 0, 512, 100], box: undefined },
  { name: 'turned inside out', corners: [300, 300, 200, 200], box: undefined },
] as const)('a box of the square becomes a box of the picture: $name', ({ corners, box }) => {
  expect(fromLetterbox(fitInto({ width: 1280, height: 720 }, square(512)), corners)).toEqual(box);
});
