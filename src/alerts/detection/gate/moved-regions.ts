import type { UnitBox } from '../model.ts';
import type { Difference } from './background.ts';
import { lessSurroundings } from './surroundings.ts';

/** What a picture is, held against the background: `scene` when most of it is something else, as after a turn of the camera. */
export type Change =
  | { readonly type: 'still' | 'scene' }
  | { readonly type: 'moved'; readonly boxes: readonly UnitBox[] };

/** Cells that matter are 1; what is left out matters all of it. */
export type Attended = Uint8Array;

const sceneShare = 0.5;
/** A single cell is noise. */
const leastCells = 2;
/** Something of fewer cells is a speck; in a picture with many of them, of rain, snow or a dark night, specks are nobody. */
const speckCells = 6;
const mostSpecks = 40;
/** Light has soft edges: where it falls, a cell differs from those around it by a small part of how much it changed. */
const edgeShare = 0.2;
/** What belongs to something that moved need not be as plain as its edge. */
const bodyShare = 0.6;

/** Where something moved. A pool of headlights, a cloud's shadow and other light with soft edges is not something. */
export function changeOf(difference: Difference, attended?: Attended): Change {
  const { columns, rows } = difference;
  const marked = marksOf(difference, attended);
  if (marked.changed > columns * rows * sceneShare) return { type: 'scene' };
  const boxes = bodiesWithEdges(marked);
  return boxes.length > 0 ? { type: 'moved', boxes } : { type: 'still' };
}

function marksOf(difference: Difference, attended: Attended | undefined): Marked & { readonly changed: number } {
  const { columns, rows, cells, limits } = difference;
  const around = lessSurroundings(difference);
  const body = new Uint8Array(cells.length);
  const edge = new Uint8Array(cells.length);
  let changed = 0;
  for (let index = 0; index < cells.length; index++) {
    const limit = limits[index] ?? 0;
    const far = Math.abs(cells[index] ?? 0);
    if (far > limit) changed += 1;
    if (attended && attended[index] !== 1) continue;
    body[index] = Number(far > limit * bodyShare);
    edge[index] = Number(isEdge(far, Math.abs(around[index] ?? 0), limit));
  }
  return { columns, rows, body, edge, changed };
}

function isEdge(far: number, sharp: number, limit: number): boolean {
  return far > limit && sharp > limit * bodyShare && sharp > far * edgeShare;
}

interface Marked {
  readonly columns: number;
  readonly rows: number;
  /** 1 where something may be; 0 once it is counted. */
  readonly body: Uint8Array;
  readonly edge: Uint8Array;
}

/** The box of every connected body, corner to corner included, that has edges enough. */
function bodiesWithEdges(marked: Marked): UnitBox[] {
  const blobs: Blob[] = [];
  for (let index = 0; index < marked.body.length; index++) {
    if (marked.body[index] === 1) blobs.push(floodFrom(index, marked));
  }
  const specks = blobs.filter(({ cells }) => cells < speckCells).length;
  const least = specks > mostSpecks ? speckCells : leastCells;
  return blobs.filter(({ edges }) => edges >= least).map((blob) => unitBox(blob, marked));
}

interface Blob {
  left: number;
  right: number;
  top: number;
  bottom: number;
  cells: number;
  edges: number;
}

/** Each cell is counted once: what is taken is no body any more. */
function floodFrom(start: number, { columns, rows, body, edge }: Marked): Blob {
  const blob: Blob = { left: columns, right: 0, top: rows, bottom: 0, cells: 0, edges: 0 };
  const open = [start];
  body[start] = 0;
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const [x, y] = [index % columns, Math.floor(index / columns)];
    include(blob, x, y);
    blob.edges += edge[index] ?? 0;
    for (const next of neighbours({ x, y }, columns, rows)) {
      if (body[next] !== 1) continue;
      body[next] = 0;
      open.push(next);
    }
  }
  return blob;
}

function include(blob: Blob, x: number, y: number): void {
  blob.left = Math.min(blob.left, x);
  blob.right = Math.max(blob.right, x);
  blob.top = Math.min(blob.top, y);
  blob.bottom = Math.max(blob.bottom, y);
  blob.cells += 1;
}

function neighbours({ x, y }: { readonly x: number; readonly y: number }, columns: number, rows: number): number[] {
  const found: number[] = [];
  for (let row = Math.max(0, y - 1); row <= Math.min(rows - 1, y + 1); row++)
    for (let column = Math.max(0, x - 1); column <= Math.min(columns - 1, x + 1); column++)
      found.push(row * columns + column);
  return found;
}

function unitBox({ left, right, top, bottom }: Blob, { columns, rows }: Marked): UnitBox {
  return {
    x: left / columns,
    y: top / rows,
    width: (right + 1 - left) / columns,
    height: (bottom + 1 - top) / rows,
  };
}
