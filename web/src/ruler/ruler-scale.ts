import type { RoadPlace } from '../api/shapes.ts';
import type { RoadLine } from '../road/road-line.ts';
import { stakeMeters } from '../road/stake.ts';

/** The stretch of road that the ruler shows, in metres. */
export interface RulerWindow {
  readonly from: number;
  readonly to: number;
}

const aroundMeters = 5_000;
const marginMeters = 400;

/** Ten kilometres around what is selected, widened to hold every tile's camera; the whole road when nothing is. */
export function rulerWindow(line: RoadLine, focus: RoadPlace | undefined, tiles: readonly RoadPlace[]): RulerWindow {
  const whole = { from: line.meters[0] ?? 0, to: line.meters.at(-1) ?? 0 };
  const middle = stakeMeters(focus?.stake);
  if (middle === undefined || focus?.road !== line.road) return whole;
  const stakes = tiles.filter(({ road }) => road === line.road).flatMap(({ stake }) => stakeMeters(stake) ?? []);
  const from = Math.min(middle - aroundMeters, ...stakes.map((meters) => meters - marginMeters));
  const to = Math.max(middle + aroundMeters, ...stakes.map((meters) => meters + marginMeters));
  return { from: Math.max(whole.from, from), to: Math.min(whole.to, to) };
}

/** Kilometre marks with at least `gap` pixels between them. */
export function rulerMarks(window: RulerWindow, width: number, gap = 56): number[] {
  const span = window.to - window.from;
  const step = [1, 2, 5, 10, 20, 50].find((km) => (width * km * 1000) / span >= gap) ?? 100;
  const first = Math.ceil(window.from / (step * 1000)) * step;
  const last = Math.floor(window.to / 1000);
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, n) => first + n * step);
}
