import { distanceMeters } from '../gis/distance.ts';
import { type GeoPoint, isNullIsland } from '../gis/point.ts';

/** Where a terminal says it was. */
export interface Fix {
  readonly at: Date;
  readonly point: GeoPoint;
  /** Metres. */
  readonly accuracy?: number;
  /** Metres a second. */
  readonly speed?: number;
  /** Degrees from north, clockwise. */
  readonly heading?: number;
  readonly battery?: number;
}

/** Why a fix does not move its unit. */
export const refusals = ['late', 'null-island', 'jump'] as const;
export type Refusal = (typeof refusals)[number];

/** The fix that stands, and those that would be a jump from it: three in a row that agree are believed. */
export interface Track {
  readonly fix?: Fix;
  readonly doubted?: { readonly fix: Fix; readonly count: number };
}

const fastestMetersPerSecond = 500 / 3.6;
/** Receivers err more than they admit. */
const slackMeters = 100;
const believedAfter = 3;

/** The track after one more fix, and the reason when the fix is not taken. An older one never moves a unit back. */
export function follow(track: Track, fix: Fix): { readonly track: Track; readonly refused?: Refusal } {
  if (isNullIsland(fix.point)) return { track, refused: 'null-island' };
  if (track.fix && fix.at <= track.fix.at) return { track, refused: 'late' };
  if (!track.fix || isReachable(track.fix, fix)) return { track: { fix } };
  const agrees = track.doubted && fix.at > track.doubted.fix.at && isReachable(track.doubted.fix, fix);
  const count = agrees ? (track.doubted?.count ?? 0) + 1 : 1;
  if (count >= believedAfter) return { track: { fix } };
  return { track: { fix: track.fix, doubted: { fix, count } }, refused: 'jump' };
}

function isReachable(from: Fix, to: Fix): boolean {
  const seconds = (to.at.getTime() - from.at.getTime()) / 1_000;
  const error = slackMeters + (from.accuracy ?? 0) + (to.accuracy ?? 0);
  return distanceMeters(from.point, to.point) - error <= fastestMetersPerSecond * seconds;
}
