import { expect, test } from 'vitest';
import { letterbox } from '../../../src/alerts/detection/letterbox.ts';
import { rgbOf } from '../../../src/alerts/detection/rgb-picture.ts';

/** One pair of pixels wide, so that a colour is a whole picture. */
const picture = (light: number, blue: number, red: number) => ({
  width: 2,
  height: 2,
  yuv: Uint8Array.of(light, light, light, light, blue, red),
});

test.each([
  { name: 'black', yuv: [16, 128, 128], rgb: [0, 0, 0] },
  { name: 'white', yuv: [235, 128, 128], rgb: [255, 255, 255] },
  { name: 'grey', yuv: [126, 128, 128], rgb: [128, 128, 128] },
  { name: 'red', yuv: [81, 90, 240], rgb: [255, 0, 0] },
  { name: 'green', yuv: [145, 54, 34], rgb: [0, 255, 0] },
  { name: 'blue', yuv: [41, 240, 110], rgb: [0, 0, 255] },
  { name: 'whiter than white', yuv: [255, 128, 128], rgb: [255, 255, 255] },
])('$name as a camera sends it is $name on the screen', ({ yuv: [light = 0, blue = 0, red = 0], rgb }) => {
  const bytes = rgbOf(picture(light, blue, red));
  for (let at = 0; at < bytes.length; at += 1) expect(Math.abs((bytes[at] ?? 0) - (rgb[at % 3] ?? 0))).toBeLessThan(3);
});

test('people see the colours that the model is shown', () => {
  const [width, height] = [64, 36];
  const yuv = crypto.getRandomValues(new Uint8Array((width * height * 3) / 2));
  const [seen, shown] = [rgbOf({ yuv, width, height }), letterbox({ yuv, width, height }, { width, height })];
  expect(seen).toHaveLength(shown.length);
  expect(Math.max(...seen.map((value, at) => Math.abs(value - (shown[at] ?? 0))))).toBeLessThanOrEqual(2);
});
