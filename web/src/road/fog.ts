import type { Sensor } from '../api/shapes.ts';
import { visibilityTier } from '../words/figures.ts';
import { stakeMeters } from './stake.ts';

/** A stretch of a road on which a station has found little visibility. Metres. */
export interface FogStretch {
  readonly road: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly visibility: number;
  readonly tier: 1 | 2 | 3;
}

/** A station speaks for this much road to each side. */
const reachMeters = 1_100;

export function fogStretches(sensors: Iterable<Sensor>): FogStretch[] {
  return [...sensors].flatMap(({ online, road, stake, values }) => {
    const at = stakeMeters(stake);
    const visibility = values?.visibility;
    const tier = visibilityTier(visibility);
    if (!online || at === undefined || visibility === undefined || tier === 0) return [];
    return [{ road, from: at - reachMeters, to: at + reachMeters, visibility, tier }];
  });
}
