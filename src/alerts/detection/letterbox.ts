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

interface Span {
  readonly from: number;
  readonly to: number;
}

function spans(from: number, to: number): Span[] {
  const ratio = from / to;
  return Array.from({ length: to }, (_, index) => {
    const start = Math.min(from - 1, Math.floor(index * ratio));
    return { from: start, to: Math.max(start + 1, Math.min(from, Math.round((index + 1) * ratio))) };
  });
}

/** The picture in a black square of `size` × `size` × 3 floats from 0 to 255, each the mean of the pixels it covers. */
export function letterbox(frame: RgbFrame, size: number): Float32Array<ArrayBuffer> {
  const fit = fitInto(frame, size);
  const square = new Float32Array(size * size * 3);
  const columns = spans(frame.width, fit.width);
  const rows = spans(frame.height, fit.height);
  rows.forEach((row, y) => {
    let at = ((fit.top + y) * size + fit.left) * 3;
    for (const column of columns) {
      putMean(frame, { row, column }, square.subarray(at, at + 3));
      at += 3;
    }
  });
  return square;
}

function putMean({ rgb, width }: RgbFrame, { row, column }: { row: Span; column: Span }, into: Float32Array): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = row.from; y < row.to; y++) {
    const end = (y * width + column.to) * 3;
    for (let at = (y * width + column.from) * 3; at < end; at += 3) {
      red += rgb[at] ?? 0;
      green += rgb[at + 1] ?? 0;
      blue += rgb[at + 2] ?? 0;
    }
  }
  const count = (row.to - row.from) * (column.to - column.from);
  into[0] = red / count;
  into[1] = green / count;
  into[2] = blue / count;
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
