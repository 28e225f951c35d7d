/** What a change of light, of exposure or of gain made of every cell alike: the light of now is gain × before + offset. */
export interface Lighting {
  readonly gain: number;
  readonly offset: number;
}

export const sameLight: Lighting = { gain: 1, offset: 0 };

/** Between two halves that are nearer to each other no gain can be read. */
const leastContrast = 12;
const mostGain = 3;
/** Medians are counted to a quarter of a step. */
const binsPerStep = 4;
const bins = 256 * binsPerStep;
/** Every third cell says as much, and in a line of the picture it is never the same ones. */
const stride = 3;

/**
 * Reads the light from the middles of the dark and of the bright half of what was there before, each as it was and as it is:
 * whatever covers less than half of each has no say.
 */
export function lightingBetween(before: Float32Array, now: Float32Array): Lighting {
  const middle = medianOf(countedIn(before, before, [0, 256]));
  const [dark, bright] = [shiftOf(before, now, [0, middle]), shiftOf(before, now, [middle, 256])];
  const contrast = bright.was - dark.was;
  if (!(contrast >= leastContrast)) return { gain: 1, offset: medianOf(countedIn(now, before, [0, 256])) - middle };
  const gain = Math.min(mostGain, Math.max(1 / mostGain, (bright.is - dark.is) / contrast));
  return { gain, offset: dark.is - gain * dark.was };
}

type Range = readonly [low: number, high: number];

/** The middle of the cells that were in the range, as it was and as it is. */
function shiftOf(before: Float32Array, now: Float32Array, range: Range): { readonly was: number; readonly is: number } {
  return { was: medianOf(countedIn(before, before, range)), is: medianOf(countedIn(now, before, range)) };
}

/** What was there before in the light of now, written to `now`, which may be `before`. */
export function lit(before: Float32Array, { gain, offset }: Lighting, now: Float32Array): void {
  for (let index = 0; index < now.length; index++) {
    const light = gain * (before[index] ?? 0) + offset;
    now[index] = light < 0 ? 0 : light > 255 ? 255 : light;
  }
}

/** How many cells have each light, of those that were in the range before. */
function countedIn(cells: Float32Array, before: Float32Array, [low, high]: Range): Uint32Array {
  const counts = new Uint32Array(bins);
  for (let index = 0; index < cells.length; index += stride) {
    const was = before[index] ?? 0;
    if (was < low || was >= high) continue;
    const bin = Math.min(bins - 1, ((cells[index] ?? 0) * binsPerStep) | 0);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** NaN of nothing. */
function medianOf(counts: Uint32Array): number {
  let total = 0;
  for (let bin = 0; bin < bins; bin++) total += counts[bin] ?? 0;
  let below = 0;
  for (let bin = 0; bin < bins; bin++) {
    below += counts[bin] ?? 0;
    if (below * 2 > total) return (bin + 0.5) / binsPerStep;
  }
  return Number.NaN;
}
