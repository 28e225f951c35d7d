import type { RoadProperties } from './road-feature.ts';

/** How traffic uses a line. */
export interface Driving {
  /** In the order of its coordinates. */
  readonly along: boolean;
  readonly against: boolean;
  /** Both ways use it and nothing parts them: who stands on it may set out either way. */
  readonly turnsAnywhere: boolean;
  readonly metersPerSecond: number;
}

const usualKmh = { motorway: 90, trunk: 60, local: 40 } as const;
const rampKmh = 40;

export function drivingOf(properties: RoadProperties): Driving {
  const { kind, carriageway, ramp = false, median = false } = properties;
  const { oneway = ramp || carriageway !== undefined, speed = ramp ? rampKmh : usualKmh[kind] } = properties;
  return {
    along: !oneway || carriageway !== 'up',
    against: !oneway || carriageway === 'up',
    turnsAnywhere: !oneway && !median,
    metersPerSecond: speed / 3.6,
  };
}
