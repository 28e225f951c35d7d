/** Where the strip lies in its SVG, and what time it is; milliseconds and pixels. */
export interface StripScale {
  readonly now: number;
  readonly left: number;
  readonly right: number;
}

export const backMs = 30 * 60_000;
export const aheadMs = 10 * 60_000;
const markEveryMs = 5 * 60_000;
/** Beside the clock of now no mark can be read. */
const clockWidth = 56;

export const stripStart = ({ now }: StripScale) => now - backMs;
export const stripEnd = ({ now }: StripScale) => now + aheadMs;

export function stripX(scale: StripScale, at: number): number {
  const { left, right } = scale;
  return left + ((at - stripStart(scale)) / (backMs + aheadMs)) * (right - left);
}

/** The same, at the edge for what lies beyond it. */
export function clampedX(scale: StripScale, at: number): number {
  return stripX(scale, Math.min(stripEnd(scale), Math.max(stripStart(scale), at)));
}

/** Each five minutes of the clock that can be read. */
export function stripMarks(scale: StripScale): { readonly at: number; readonly x: number }[] {
  const first = Math.ceil(stripStart(scale) / markEveryMs) * markEveryMs;
  const count = Math.floor((stripEnd(scale) - first) / markEveryMs) + 1;
  return Array.from({ length: count }, (_, n) => first + n * markEveryMs)
    .map((at) => ({ at, x: stripX(scale, at) }))
    .filter(({ x }) => Math.abs(x - stripX(scale, scale.now)) > clockWidth);
}
