/** The map takes this share of the time at most: 0.25 is one part drawing and three parts rest. */
const share = 0.25;
const shortestMs = 33;
const longestMs = 2_000;

/** How long the map rests between two frames after one that took `costMs`; never so long that a unit seems to stand. */
export function restMs(costMs: number): number {
  return Math.min(longestMs, Math.max(shortestMs, costMs * (1 / share - 1)));
}

/** New data is announced before it is there: a frame that waits this long shows both at once instead of drawing twice. */
export function settleMs(costMs: number): number {
  return Math.min(150, Math.max(25, costMs / 2));
}

/** The cost to reckon with after one more frame: half of what was known, so that one bad frame is soon forgotten. */
export function expectedCostMs(knownMs: number | undefined, lastMs: number): number {
  return knownMs === undefined ? lastMs : (knownMs + lastMs) / 2;
}

/** Renderers without a graphics card, by their WebGL name: SwiftShader, llvmpipe, WARP. */
export function isSoftware(renderer: string): boolean {
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}
