import { type LumaPicture, lumaHeight, lumaWidth } from './luma-picture.ts';

/** Edges are counted in cells of 5 × 5 pixels, brightness in cells of 10 × 10. */
export const edgeColumns = 64;
export const edgeRows = 36;
export const lightColumns = 32;
export const lightRows = 18;

/** All that is judged of a picture; the picture itself is not kept. */
export interface PictureFacts {
  /** The mean brightness of each light cell, 0 to 255. */
  readonly light: Float32Array;
  /** Edges that stand (changes from left to right) of each edge cell: grey levels a pixel. */
  readonly upright: Float32Array;
  /** Edges that lie. */
  readonly level: Float32Array;
  /** Fine detail by coarse detail where there is any: about 0.2 of a sharp picture, 0.06 of a badly blurred one. */
  readonly sharpness: number | undefined;
  readonly mean: number;
  /** How far the light cells are from each other: their standard deviation. */
  readonly contrast: number;
  /** Pixels as bright as a lamp, outside of the bands where cameras write. */
  readonly lamps: number;
}

/** Cameras write their name and a clock along the upper and lower edge: this many light rows of each are left out. */
export const writtenRows = 2;

const lampLevel = 56;
/** A light cell has coarse detail when its brightness changes by this much over four pixels, on the mean. */
const coarseLevel = 6;
const coarseStep = 4;

export function factsOf({ luma }: LumaPicture): PictureFacts {
  const light = lightOf(luma);
  const { mean, deviation } = spread(light);
  return {
    light,
    upright: edgesOf(luma, 1),
    level: edgesOf(luma, lumaWidth),
    sharpness: sharpnessOf(luma),
    mean,
    contrast: deviation,
    lamps: lampsOf(luma),
  };
}

const cell = lumaWidth / lightColumns;
const edgeCell = lumaWidth / edgeColumns;

function lightOf(luma: Uint8Array): Float32Array {
  const sums = new Float32Array(lightColumns * lightRows);
  for (let y = 0; y < lumaHeight; y += 1)
    for (let x = 0; x < lumaWidth; x += 1) {
      const at = Math.floor(y / cell) * lightColumns + Math.floor(x / cell);
      sums[at] = (sums[at] ?? 0) + (luma[y * lumaWidth + x] ?? 0);
    }
  return sums.map((sum) => sum / (cell * cell));
}

/** `step` is the way to the neighbour: 1 to the right, a row's length down. */
function edgesOf(luma: Uint8Array, step: number): Float32Array {
  const sums = new Float32Array(edgeColumns * edgeRows);
  const [width, height] = step === 1 ? [lumaWidth - 1, lumaHeight] : [lumaWidth, lumaHeight - 1];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const from = y * lumaWidth + x;
      const at = Math.floor(y / edgeCell) * edgeColumns + Math.floor(x / edgeCell);
      sums[at] = (sums[at] ?? 0) + Math.abs((luma[from + step] ?? 0) - (luma[from] ?? 0));
    }
  return sums.map((sum) => sum / (edgeCell * edgeCell));
}

/** A sharp edge changes within one pixel, a blurred one over many: the median over all cells with something to see. */
function sharpnessOf(luma: Uint8Array): number | undefined {
  const ratios: number[] = [];
  for (let row = writtenRows; row < lightRows - writtenRows; row += 1)
    for (let column = 0; column < lightColumns - 1; column += 1) {
      const { fine, coarse } = detailOf(luma, row * cell, column * cell);
      if (coarse > coarseLevel ** 2) ratios.push(fine / coarse);
    }
  return ratios.length < 12 ? undefined : ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)];
}

/** Mean squares of the change from left to right over one pixel and over four. */
function detailOf(luma: Uint8Array, top: number, left: number): { fine: number; coarse: number } {
  let [fine, coarse] = [0, 0];
  for (let y = top; y < top + cell; y += 1)
    for (let x = left; x < left + cell; x += 1) {
      const here = luma[y * lumaWidth + x] ?? 0;
      fine += ((luma[y * lumaWidth + x + 1] ?? 0) - here) ** 2;
      coarse += ((luma[y * lumaWidth + x + coarseStep] ?? 0) - here) ** 2;
    }
  return { fine: fine / (cell * cell), coarse: coarse / (cell * cell) };
}

function lampsOf(luma: Uint8Array): number {
  const band = writtenRows * cell * lumaWidth;
  return luma.subarray(band, luma.length - band).reduce((count, level) => count + (level >= lampLevel ? 1 : 0), 0);
}

export function spread(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
