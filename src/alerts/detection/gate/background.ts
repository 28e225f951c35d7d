import { type Lighting, lightingBetween, lit, sameLight } from './lighting.ts';
import type { LumaGrid } from './luma-grid.ts';
import { scratchCells } from './scratch-cells.ts';

/** What a camera shows when nothing moves, and how restless each cell is anyway. The next one takes its memory over. */
export interface Background {
  readonly columns: number;
  readonly rows: number;
  readonly mean: Float32Array<ArrayBuffer>;
  /** About the median of how far the cell is from its mean: rain, leaves, noise and a burnt-in clock have their own. */
  readonly noise: Float32Array<ArrayBuffer>;
  /** The last picture. */
  readonly last: Float32Array<ArrayBuffer>;
  /** Milliseconds. */
  readonly at: number;
}

/** How far each cell of a picture is from the background in the light of that picture. Good until the next picture. */
export interface Difference {
  readonly columns: number;
  readonly rows: number;
  /** The picture itself. */
  readonly now: Float32Array<ArrayBuffer>;
  /** Signed. */
  readonly cells: Float32Array<ArrayBuffer>;
  /** From how far on it is a change. */
  readonly limits: Float32Array<ArrayBuffer>;
  readonly lighting: Lighting;
}

/** What stands still so long is part of the background for the most part; seconds. */
const settleSeconds = 6;
/** What has just come or gone draws the background no more than this: a car that passes leaves little of itself behind. */
const mostPull = 6;
/** What comes and goes makes its cell restless so much faster than what stands makes it calm: a clock does, traffic does not. */
const flickerPower = 2;
/** How fast the measure of restlessness follows, as a factor in a second: slow enough for traffic, which is there by turns. */
const noiseFactor = 1.1;
const [leastNoise, firstNoise, mostNoise] = [0.5, 1.5, 40];
/** Six medians are four standard deviations: among 14 400 cells one is over it by chance, two neighbours never. */
const noiseLimit = 6;
const leastLimit = 6;

export function newBackground({ columns, rows, cells }: LumaGrid, at: number): Background {
  return {
    columns,
    rows,
    at,
    last: cells.slice(),
    mean: cells.slice(),
    noise: new Float32Array(cells.length).fill(firstNoise),
  };
}

export const fits = (before: Background, { columns, rows }: LumaGrid) =>
  before.columns === columns && before.rows === rows;

/** The light is held to have changed only when that explains more of the picture than that it has not. */
export function differenceFrom(before: Background, { columns, rows, cells }: LumaGrid): Difference {
  const { mean, noise } = before;
  const limits = limitsOf(noise);
  const asBefore = minus(cells, mean, scratchCells('as before', cells.length));
  const lighting = lightingBetween(mean, cells);
  const relit = scratchCells('relit', cells.length);
  lit(mean, lighting, relit);
  minus(cells, relit, relit);
  const isRelit = countOver(relit, limits) < countOver(asBefore, limits);
  const size = { columns, rows, limits, now: cells };
  return isRelit ? { ...size, cells: relit, lighting } : { ...size, cells: asBefore, lighting: sameLight };
}

/** The background after one more picture, in the memory of the one before. */
export function nextBackground(before: Background, difference: Difference, at: number): Background {
  const seconds = Math.max(0, at - before.at) / 1_000;
  const news = newCells(before, difference);
  learnMean(before, difference, { news, share: 1 - Math.exp(-seconds / settleSeconds) });
  learnNoises(before, difference, { news, factor: noiseFactor ** Math.min(1, seconds) });
  before.last.set(difference.now);
  return { ...before, at };
}

/** 1 where something is otherwise than in the last picture. */
function newCells(before: Background, { now, limits, lighting }: Difference): Uint8Array {
  const last = scratchCells('last', now.length);
  lit(before.last, lighting, last);
  const news = new Uint8Array(now.length);
  for (let index = 0; index < news.length; index++) {
    news[index] = Number(Math.abs((now[index] ?? 0) - (last[index] ?? 0)) > (limits[index] ?? 0));
  }
  return news;
}

function learnMean(
  { mean }: Background,
  { cells, lighting }: Difference,
  { news, share }: { readonly news: Uint8Array; readonly share: number },
): void {
  lit(mean, lighting, mean);
  for (let index = 0; index < mean.length; index++) {
    const cell = cells[index] ?? 0;
    mean[index] = (mean[index] ?? 0) + share * (news[index] === 1 ? pulled(cell) : cell);
  }
}

function learnNoises(
  { noise }: Background,
  { cells, limits }: Difference,
  { news, factor }: { readonly news: Uint8Array; readonly factor: number },
): void {
  const quick = factor ** flickerPower;
  for (let index = 0; index < noise.length; index++) {
    const far = Math.abs(cells[index] ?? 0);
    const isFlicker = news[index] === 1 && far > (limits[index] ?? 0);
    noise[index] = nextNoise(noise[index] ?? firstNoise, far, isFlicker ? quick : factor);
  }
}

const pulled = (cell: number) => Math.max(-mostPull, Math.min(mostPull, cell));

/** One step towards the distance, whatever the distance: so it comes to lie where about as many are over it as under it. */
function nextNoise(before: number, distance: number, factor: number): number {
  const next = distance > before ? before * factor : before / factor;
  if (next < leastNoise) return leastNoise;
  return next > mostNoise ? mostNoise : next;
}

/** Another scene altogether: what is there now is the background, as restless as it was, in the memory of the one before. */
export function replacedBackground(before: Background, { cells }: LumaGrid, at: number): Background {
  before.mean.set(cells);
  before.last.set(cells);
  return { ...before, at };
}

function limitsOf(noise: Float32Array): Float32Array<ArrayBuffer> {
  const limits = scratchCells('limits', noise.length);
  for (let index = 0; index < limits.length; index++) {
    const limit = noiseLimit * (noise[index] ?? 0);
    limits[index] = limit > leastLimit ? limit : leastLimit;
  }
  return limits;
}

function minus(cells: Float32Array, mean: Float32Array, differences: Float32Array<ArrayBuffer>) {
  for (let index = 0; index < cells.length; index++) differences[index] = (cells[index] ?? 0) - (mean[index] ?? 0);
  return differences;
}

function countOver(cells: Float32Array, limits: Float32Array): number {
  let count = 0;
  for (let index = 0; index < cells.length; index++) {
    if (Math.abs(cells[index] ?? 0) > (limits[index] ?? 0)) count += 1;
  }
  return count;
}
