import { expect, test } from 'vitest';
import { markBox } from '../../../src/alerts/detection/mark-box.ts';

const [width, height] = [200, 100];

function marked(box: { x: number; y: number; width: number; height: number }) {
  const rgb = new Uint8ClampedArray(width * height * 3);
  markBox({ rgb, width, height }, box);
  return (x: number, y: number) => [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

const strong = [0xff, 0x5a, 0x60];
const thin = strong.map((part) => Math.round(part * 0.75));

test('a figure has a thin box with strong corners around it, and nothing over it', () => {
  const at = marked({ x: 0.25, y: 0.2, width: 0.2, height: 0.5 });
  // One pixel outside the figure, which is 40 × 50 from 50, 20.
  expect(at(49, 19)).toEqual(strong);
  expect(at(90, 70)).toEqual(strong);
  expect(at(60, 19)).toEqual(strong);
  expect(at(70, 19)).toEqual(thin);
  expect(at(49, 45)).toEqual(thin);
  expect(at(90, 45)).toEqual(thin);
  expect(at(70, 45)).toEqual([0, 0, 0]);
  expect(at(48, 19)).toEqual([0, 0, 0]);
});

test.each([
  { name: 'at the edge', box: { x: 0.9, y: 0.9, width: 0.1, height: 0.1 } },
  { name: 'over the edge', box: { x: -0.2, y: -0.2, width: 2, height: 2 } },
  { name: 'of no size', box: { x: 0.5, y: 0.5, width: 0, height: 0 } },
  { name: 'as high as the picture and one pixel wide', box: { x: 0.5, y: 0, width: 0.005, height: 1 } },
])('a figure $name is marked inside the picture', ({ box }) => {
  const at = marked(box);
  const drawn = Array.from({ length: width * height }, (_, pixel) => at(pixel % width, Math.floor(pixel / width)));
  expect(drawn.filter(([red = 0]) => red > 0).length).toBeGreaterThan(0);
  // The far side of a line does not come out at the other end of the picture.
  if (box.x >= 0.5) expect(drawn.every(([red = 0], pixel) => red === 0 || pixel % width >= width * 0.4)).toBe(true);
});
