import {
  type Background,
  differenceFrom,
  fits,
  newBackground,
  nextBackground,
  replacedBackground,
} from './background.ts';
import type { LumaGrid } from './luma-grid.ts';
import { type Attended, type Change, changeOf } from './moved-regions.ts';

export interface MotionStep {
  readonly change: Change;
  readonly background: Background;
}

interface Taken {
  readonly at: number;
  readonly attended?: Attended | undefined;
}

/** What a picture shows that was not there before it, and the background with it learnt. A first picture is a scene. */
export function motionStep(before: Background | undefined, grid: LumaGrid, { at, attended }: Taken): MotionStep {
  if (!before || !fits(before, grid)) return { change: { type: 'scene' }, background: newBackground(grid, at) };
  const difference = differenceFrom(before, grid);
  const change = changeOf(difference, attended);
  const isOther = change.type === 'scene';
  const background = isOther ? replacedBackground(before, grid, at) : nextBackground(before, difference, at);
  return { change, background };
}
