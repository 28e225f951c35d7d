import type { GeoPoint } from '../../gis/point.ts';
import { sunElevation } from '../../gis/sun.ts';
import type { Daylight } from './judge-picture.ts';

/** The sun in degrees above the horizon: between these the lamps go on, and cameras change to infrared. */
const dayFrom = 2;
const nightFrom = -6;
/** Of a camera that nobody has placed the picture itself tells. */
const dayMean = 60;

export function daylightOf(at: Date, position: GeoPoint | undefined, mean: number): Daylight {
  if (!position) return mean >= dayMean ? 'day' : 'night';
  const sun = sunElevation(at, position);
  if (sun >= dayFrom) return 'day';
  return sun <= nightFrom ? 'night' : 'dusk';
}
