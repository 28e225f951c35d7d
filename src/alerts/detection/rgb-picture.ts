import type { YuvFrame } from './model.ts';

/** BT.601 from studio range to bytes, in parts of 256: all in whole numbers, for a picture is a million pixels. */
const [gain, redOfV, greenOfU, greenOfV, blueOfU] = [298, 409, 100, 208, 516];
const [black, grey, half] = [16, 128, 128];

/** A decoded picture as three bytes a pixel (red, green, blue), rows from the top. */
export function rgbOf({ yuv, width, height }: YuvFrame): Uint8ClampedArray<ArrayBuffer> {
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const line = row * width;
    const colours = width * (height + (row >> 1));
    fillRow(rgb.subarray(line * 3, (line + width) * 3), {
      lights: yuv.subarray(line, line + width),
      colours: yuv.subarray(colours, colours + width),
    });
  }
  return rgb;
}

interface Row {
  readonly lights: Uint8Array;
  /** How blue, then how red every second pixel is. */
  readonly colours: Uint8Array;
}

/** Written without anything that allocates; what is no byte is clamped where it is stored. */
function fillRow(rgb: Uint8ClampedArray, { lights, colours }: Row): void {
  const pairs = lights.length >> 1;
  for (let pair = 0; pair < pairs; pair += 1) {
    const blue = (colours[pair] ?? grey) - grey;
    const red = (colours[pairs + pair] ?? grey) - grey;
    const toRed = redOfV * red + half;
    const toGreen = half - greenOfU * blue - greenOfV * red;
    const toBlue = blueOfU * blue + half;
    const at = pair * 6;
    const one = gain * ((lights[2 * pair] ?? black) - black);
    const other = gain * ((lights[2 * pair + 1] ?? black) - black);
    rgb[at] = (one + toRed) >> 8;
    rgb[at + 1] = (one + toGreen) >> 8;
    rgb[at + 2] = (one + toBlue) >> 8;
    rgb[at + 3] = (other + toRed) >> 8;
    rgb[at + 4] = (other + toGreen) >> 8;
    rgb[at + 5] = (other + toBlue) >> 8;
  }
}
