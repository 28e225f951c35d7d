import { type Cut, wholeOf } from './cut.ts';
import type { UnitBox, YuvFrame } from './model.ts';

/** What a decoded picture has for no light, and for no colour. */
const [black, grey] = [16, 128];
/** White is so much above black. */
const gain = 255 / 219;

/** Pixels of a model's input. */
export type Room = Pick<YuvFrame, 'width' | 'height'>;

/** How a picture lies in the room a model has for it: scaled by one factor, so that nobody is squashed, and centred. */
export interface Fit {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function fitInto({ width, height }: Pick<YuvFrame, 'width' | 'height'>, room: Room): Fit {
  const scale = Math.min(room.width / width, room.height / height);
  const fitted = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return {
    ...fitted,
    left: Math.floor((room.width - fitted.width) / 2),
    top: Math.floor((room.height - fitted.height) / 2),
  };
}

interface Cells {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
}

/** Where each of `to` cells begins in a line of `from` pixels, and how many pixels it covers: at least one. */
function cells(from: number, to: number): Cells {
  const ratio = from / to;
  const starts = Int32Array.from({ length: to }, (_, index) => Math.min(from - 1, Math.floor(index * ratio)));
  const counts = starts.map((start, index) => Math.max(1, Math.min(from, Math.round((index + 1) * ratio)) - start));
  return { starts, counts };
}

/**
 * A part of the picture, the whole of it unless told, in a black room of width × height × 3 floats from 0 to 255 (red, green,
 * blue), each as bright as what it covers.
 */
export function letterbox(frame: YuvFrame, room: Room, cut: Cut = wholeOf(frame)): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(room.width * room.height * 3);
  fillLetterbox(floats, frame, { room, cut });
  return floats;
}

/** The same in memory that is there already, whatever it held. */
export function fillLetterbox(floats: Float32Array, frame: YuvFrame, { room, cut }: { room: Room; cut: Cut }): void {
  const fit = fitInto(cut, room);
  if (fit.width < room.width || fit.height < room.height) floats.fill(0);
  const columns = cells(cut.width, fit.width);
  const rows = cells(cut.height, fit.height);
  const brightness = new Float32Array(fit.width);
  for (let y = 0; y < fit.height; y++) {
    const first = cut.top + (rows.starts[y] ?? 0);
    const count = rows.counts[y] ?? 1;
    brightness.fill(0);
    for (let row = first; row < first + count; row++) {
      const from = row * frame.width + cut.left;
      addLine(frame.yuv.subarray(from, from + cut.width), columns, brightness);
    }
    const at = ((fit.top + y) * room.width + fit.left) * 3;
    const colours = coloursOf(frame, first + (count >> 1));
    colourLine(floats.subarray(at, at + fit.width * 3), { brightness, columns, count, colours, left: cut.left });
  }
}

/** Written without anything that allocates: it runs for half a million pixels a picture. */
function addLine(pixels: Uint8Array, { starts, counts }: Cells, line: Float32Array): void {
  for (let x = 0; x < starts.length; x++) {
    const from = starts[x] ?? 0;
    const end = from + (counts[x] ?? 1);
    let sum = line[x] ?? 0;
    for (let at = from; at < end; at++) sum += pixels[at] ?? 0;
    line[x] = sum;
  }
}

/** How blue, then how red every second pixel of the row is. */
function coloursOf({ yuv, width, height }: YuvFrame, row: number): Uint8Array {
  const at = width * (height + (row >> 1));
  return yuv.subarray(at, at + width);
}

interface Line {
  /** Summed over so many rows. */
  readonly brightness: Float32Array;
  readonly count: number;
  readonly columns: Cells;
  readonly colours: Uint8Array;
  readonly left: number;
}

/** Of the colours one sample is enough: the eye of a model is no sharper in them than a camera's. */
function colourLine(line: Float32Array, { brightness, count, columns, colours, left }: Line): void {
  const half = colours.length / 2;
  for (let x = 0; x < brightness.length; x++) {
    const across = columns.counts[x] ?? 1;
    const light = gain * ((brightness[x] ?? 0) / (count * across) - black);
    const at = (left + (columns.starts[x] ?? 0) + (across >> 1)) >> 1;
    const blue = (colours[at] ?? grey) - grey;
    const red = (colours[half + at] ?? grey) - grey;
    line[3 * x] = byte(light + 1.596 * red);
    line[3 * x + 1] = byte(light - 0.392 * blue - 0.813 * red);
    line[3 * x + 2] = byte(light + 2.017 * blue);
  }
}

function byte(value: number): number {
  if (value < 0) return 0;
  return value > 255 ? 255 : value;
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
