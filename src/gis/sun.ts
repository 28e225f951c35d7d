import type { GeoPoint } from './point.ts';

const degrees = 180 / Math.PI;
const sin = (angle: number) => Math.sin(angle / degrees);
const cos = (angle: number) => Math.cos(angle / degrees);
const tan = (angle: number) => Math.tan(angle / degrees);

/** The upper edge of the sun stands on the horizon, refraction and all: sunrise and sunset (NOAA). */
export const sunriseElevation = -0.833;

/**
 * How high the middle of the sun stands, in degrees, without refraction: the formulas of NOAA's solar calculator, good to
 * about 0.01° from 1900 to 2100.
 */
export function sunElevation(at: Date, { lat, lon }: Pick<GeoPoint, 'lat' | 'lon'>): number {
  const century = (at.getTime() / 86_400_000 + 2_440_587.5 - 2_451_545) / 36_525;
  const { declination, equationOfTime } = sunAt(century);
  const utcMinutes = (at.getTime() / 60_000) % 1_440;
  const hourAngle = (utcMinutes + equationOfTime) / 4 + lon - 180;
  return Math.asin(sin(lat) * sin(declination) + cos(lat) * cos(declination) * cos(hourAngle)) * degrees;
}

interface Sun {
  /** Degrees. */
  readonly declination: number;
  /** Minutes by which the sun is ahead of the clock. */
  readonly equationOfTime: number;
}

function sunAt(century: number): Sun {
  const meanLongitude = 280.46646 + century * (36_000.76983 + century * 0.0003032);
  const meanAnomaly = 357.52911 + century * (35_999.05029 - 0.0001537 * century);
  const eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century);
  const center =
    sin(meanAnomaly) * (1.914602 - century * (0.004817 + 0.000014 * century)) +
    sin(2 * meanAnomaly) * (0.019993 - 0.000101 * century) +
    sin(3 * meanAnomaly) * 0.000289;
  const node = 125.04 - 1_934.136 * century;
  const longitude = meanLongitude + center - 0.00569 - 0.00478 * sin(node);
  const obliquity = meanObliquity(century) + 0.00256 * cos(node);
  const y = tan(obliquity / 2) ** 2;
  const equation =
    y * sin(2 * meanLongitude) -
    2 * eccentricity * sin(meanAnomaly) +
    4 * eccentricity * y * sin(meanAnomaly) * cos(2 * meanLongitude) -
    0.5 * y * y * sin(4 * meanLongitude) -
    1.25 * eccentricity * eccentricity * sin(2 * meanAnomaly);
  return { declination: Math.asin(sin(obliquity) * sin(longitude)) * degrees, equationOfTime: 4 * equation * degrees };
}

function meanObliquity(century: number): number {
  const seconds = 21.448 - century * (46.815 + century * (0.00059 - century * 0.001813));
  return 23 + (26 + seconds / 60) / 60;
}
