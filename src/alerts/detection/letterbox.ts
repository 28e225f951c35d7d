import type { RgbFrame, UnitBox } from './model.ts';

/** How a picture lies in a square of `size` pixels: scaled by one factor, so that nobody is squashed, and centred. */
export interface Fit {
  readonly size: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function fitInto({ width, height }: Pick<RgbFrame, 'width' | 'height'>, size: number): Fit {
  const scale = size / Math.max(width, height);
  const fitted = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return {
    size,
    ...fitted,
    left: Math.floor((size - fitted.width) / 2),
    top: Math.floor((size - fitted.height) / 2),
  };
}

/** Where each of `to` cells begins in a line of `from` pixels, and how many pixels it covers: at least one. */
function cells(from: number, to: number): { readonly starts: Int32Array; readonly counts: Int32Array } {
  const ratio = from / to;
  const starts = Int32Array.from({ length: to }, (_, index) => Math.min(from - 1, Math.floor(index * ratio)));
  const counts = starts.map((start, index) => Math.max(1, Math.min(from, Math.round((index + 1) * ratio)) - start));
  return { starts, counts };
}

/** The picture in a black square of `size` × `size` × 3 floats from 0 to 255, each the mean of the pixels it covers. */
export function letterbox(frame: RgbFrame, size: number): Float32Array<ArrayBuffer> {
  const fit = fitInto(frame, size);
  const square = new Float32Array(size * size * 3);
  const columns = cells(frame.width, fit.width);
  const rows = cells(frame.height, fit.height);
  for (let y = 0; y < fit.height; y++) {
    const at = ((fit.top + y) * size + fit.left) * 3;
    const line = square.subarray(at, at + fit.width * 3);
    const first = rows.starts[y] ?? 0;
    const count = rows.counts[y] ?? 1;
    for (let row = first; row < first + count; row++) {
      const pixels = frame.rgb.subarray(row * frame.width * 3, (row + 1) * frame.width * 3);
      addLine(pixels, columns, { line, share: 1 / count });
    }
  }
  return square;
}

/** Written without anything that allocates: it runs for half a million pixels a picture. */
function addLine(
  pixels: Uint8Array,
  { starts, counts }: ReturnType<typeof cells>,
  { line, share }: { readonly line: Float32Array; readonly share: number },
): void {
  for (let x = 0; x < starts.length; x++) {
    const count = counts[x] ?? 1;
    const from = (starts[x] ?? 0) * 3;
    const end = from + count * 3;
    for (let channel = 0; channel < 3; channel++) {
      const into = x * 3 + channel;
      line[into] = (line[into] ?? 0) + (sumOf(pixels, from + channel, end) * share) / count;
    }
  }
}

/** One channel of the pixels from `from` on. */
function sumOf(pixels: Uint8Array, from: number, end: number): number {
  let sum = 0;
  for (let at = from; at < end; at += 3) sum += pixels[at] ?? 0;
  return sum;
}

/** Left, top, right and bottom in pixels of the square. */
export type Corners = readonly [number, number, number, number];

/** A box of the square as a box of the picture, cut at its edges. Undefined when nothing of it is in the picture. */
export function fromLetterbox(fit: Fit, [x1, y1, x2, y2]: Corners): UnitBox | undefined {
  const [left, right] = [share(x1 - fit.left, fit.width), share(x2 - fit.left, fit.width)];
  const [top, bottom] = [share(y1 - fit.top, fit.height), share(y2 - fit.top, fit.height)];
  if (!(right > left && bottom > top)) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function share(pixels: number, of: number): number {
  return Math.min(1, Math.max(0, pixels / of));
}
