import { lightColumns, lightRows, type PictureFacts, writtenRows } from './picture-facts.ts';

/** Since when a camera has shown the same: noise is averaged away, and a clock that runs at the edge is not looked at. */
export interface StillWatch {
  readonly sinceMs: number;
  readonly lastMs: number;
  readonly looks: number;
  readonly light: Float32Array;
  /** Cells of the written bands that have ever been otherwise. */
  readonly written: ReadonlySet<number>;
}

/** More than the noise of a cell's 100 pixels can be, less than somebody who walks through it. */
const changedLevel = 3;
/** A date and a time in large letters. */
const mostWritten = 24;
/** Nobody looked for so long: what happened in between is not known. */
const gapMs = 600_000;

export function nextStill(watch: StillWatch | undefined, { light }: PictureFacts, at: number): StillWatch {
  const anew = { sinceMs: at, lastMs: at, looks: 1, light, written: new Set<number>() };
  if (!watch || at - watch.lastMs > gapMs) return anew;
  const changed = changedCells(watch.light, light);
  if (changed.some((cell) => !isWritten(cell))) return anew;
  const written = changed.length === 0 ? watch.written : new Set([...watch.written, ...changed]);
  if (written.size > mostWritten) return anew;
  return { ...watch, lastMs: at, looks: watch.looks + 1, written };
}

function changedCells(before: Float32Array, now: Float32Array): number[] {
  const changed: number[] = [];
  for (const [cell, level] of now.entries())
    if (Math.abs(level - (before[cell] ?? 0)) > changedLevel) changed.push(cell);
  return changed;
}

function isWritten(cell: number): boolean {
  const row = Math.floor(cell / lightColumns);
  return row < writtenRows || row >= lightRows - writtenRows;
}
