import { expect, test } from 'vitest';
import { fitInto, fromLetterbox, letterbox } from '../../../src/alerts/detection/letterbox.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const square = (side: number) => ({ width: side, height: side });

test.each([
  { name: 'a wide picture', width: 1280, height: 720, fit: { left: 0, top: 112, width: 512, height: 288 } },
  { name: 'a tall picture', width: 720, height: 1280, fit: { left: 112, top: 0, width: 288, height: 512 } },
  { name: 'a square', width: 100, height: 100, fit: { left: 0, top: 0, width: 512, height: 512 } },
  { name: 'a line', width: 4000, height: 1, fit: { left: 0, top: 255, width: 512, height: 1 } },
])('$name lies centred in the square with its aspect kept', ({ width, height, fit }) => {
  expect(fitInto({ width, height }, square(512))).toEqual(fit);
});

/** A decoded picture has 220 levels for 256. */
const rounded = (floats: Float32Array) => Array.from(floats, (value) => Math.round(value / 5) * 5);
const grey = (...levels: number[]) => levels.flatMap((level) => [level, level, level]);

test('every pixel of the square is the mean of what it covers, and the rest is black', () => {
  const picture = greyPicture(
    8,
    4,
    (x, y) =>
      [
        [10, 30],
        [20, 40],
      ][y % 2]?.[x % 2] ?? 0,
  );
  const floats = letterbox(picture, square(4));
  expect(rounded(floats)).toEqual(grey(0, 0, 0, 0, ...Array(8).fill(25), 0, 0, 0, 0));
});

test('a picture smaller than the square is enlarged to it', () => {
  const picture = greyPicture(2, 2, (x) => 100 * x);
  expect(rounded(letterbox(picture, square(4)))).toEqual(grey(...Array(4).fill([0, 0, 100, 100]).flat()));
});

test('a part of the picture is enlarged alone', () => {
  const picture = greyPicture(4, 4, (x, y) => 10 * (4 * y + x));
  const floats = letterbox(picture, square(2), { left: 2, top: 1, width: 2, height: 2 });
  expect(rounded(floats)).toEqual(grey(60, 70, 100, 110));
});

test.each([
  { name: 'red', yuv: [81, 90, 240], rgb: [255, 0, 0] },
  { name: 'green', yuv: [145, 54, 34], rgb: [0, 255, 0] },
  { name: 'blue', yuv: [41, 240, 110], rgb: [0, 0, 255] },
  { name: 'white', yuv: [235, 128, 128], rgb: [255, 255, 255] },
])('$name is $name again', ({ yuv: [brightness = 0, blue = 0, red = 0], rgb }) => {
  const right = Uint8Array.of(16, 16, brightness, brightness, 16, 16, brightness, brightness, 128, blue, 128, red);
  const floats = letterbox({ width: 4, height: 2, yuv: right }, { width: 4, height: 2 });
  expect(rounded(floats).slice(0, 3)).toEqual([0, 0, 0]);
  for (const [index, value] of rounded(floats).slice(9, 12).entries())
    expect(Math.abs(value - (rgb[index] ?? 0))).toBeLessThanOrEqual(2);
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
