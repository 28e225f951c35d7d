import { type Cut, wholeOf } from './cut.ts';
import type { RgbFrame, UnitBox } from './model.ts';

/** How a picture lies in the room a model has for it: scaled by one factor, so that nobody is squashed, and centred. */
/** Pixels of a model's input. */
export type Room = Pick<RgbFrame, 'width' | 'height'>;

export interface Fit {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function fitInto({ width, height }: Pick<RgbFrame, 'width' | 'height'>, room: Room): Fit {
  const scale = Math.min(room.width / width, room.height / height);
  const fitted = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return {
    ...fitted,
    left: Math.floor((room.width - fitted.width) / 2),
    top: Math.floor((room.height - fitted.height) / 2),
  };
}

/** Where each of `to` cells begins in a line of `from` pixels, and how many pixels it covers: at least one. */
function cells(from: number, to: number): { readonly starts: Int32Array; readonly counts: Int32Array } {
  const ratio = from / to;
  const starts = Int32Array.from({ length: to }, (_, index) => Math.min(from - 1, Math.floor(index * ratio)));
  const counts = starts.map((start, index) => Math.max(1, Math.min(from, Math.round((index + 1) * ratio)) - start));
  return { starts, counts };
}

/**
 * A part of the picture, the whole of it unless told, in a black room of width × height × 3 floats from 0 to 255, each the
 * mean of the pixels it covers.
 */
export function letterbox(frame: RgbFrame, room: Room, cut: Cut = wholeOf(frame)): Float32Array<ArrayBuffer> {
  const fit = fitInto(cut, room);
  const floats = new Float32Array(room.width * room.height * 3);
  const columns = cells(cut.width, fit.width);
  const rows = cells(cut.height, fit.height);
  for (let y = 0; y < fit.height; y++) {
    const at = ((fit.top + y) * room.width + fit.left) * 3;
    const line = floats.subarray(at, at + fit.width * 3);
    const first = rows.starts[y] ?? 0;
    const count = rows.counts[y] ?? 1;
    for (let row = first; row < first + count; row++) {
      const from = ((cut.top + row) * frame.width + cut.left) * 3;
      addLine(frame.rgb.subarray(from, from + cut.width * 3), columns, line);
    }
    divideLine(line, columns.counts, count);
  }
  return floats;
}

/** Written without anything that allocates: it runs for half a million pixels a picture. */
function addLine(pixels: Uint8Array, { starts, counts }: ReturnType<typeof cells>, line: Float32Array): void {
  for (let x = 0; x < starts.length; x++) {
    const from = (starts[x] ?? 0) * 3;
    const end = from + (counts[x] ?? 1) * 3;
    for (let at = from; at < end; at += 3) {
      add(line, x * 3, pixels[at]);
      add(line, x * 3 + 1, pixels[at + 1]);
      add(line, x * 3 + 2, pixels[at + 2]);
    }
  }
}

function add(line: Float32Array, into: number, value = 0): void {
  line[into] = (line[into] ?? 0) + value;
}

/** From the sums of a cell's pixels to their mean. */
function divideLine(line: Float32Array, counts: Int32Array, rows: number): void {
  for (let x = 0; x < counts.length; x++) {
    const share = 1 / ((counts[x] ?? 1) * rows);
    for (let into = x * 3; into < x * 3 + 3; into++) line[into] = (line[into] ?? 0) * share;
  }
}

/** Left, top, right and bottom in pixels of the room. */
export type Corners = readonly [number, number, number, number];

/** A box of the room as a box of the picture, cut at its edges. Undefined when nothing of it is in the picture. */
export function fromLetterbox(fit: Fit, [x1, y1, x2, y2]: Corners): UnitBox | undefined {
  const [left, right] = [share(x1 - fit.left, fit.width), share(x2 - fit.left, fit.width)];
  const [top, bottom] = [share(y1 - fit.top, fit.height), share(y2 - fit.top, fit.height)];
  if (!(right > left && bottom > top)) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function share(pixels: number, of: number): number {
  return Math.min(1, Math.max(0, pixels / of));
}
