import { destination } from '../../gis/distance.ts';
import type { LonLat } from '../../gis/geojson.ts';
import { counterclockwise } from '../../gis/ring.ts';

/** A closed outline, counterclockwise as GeoJSON wants it. */
export type Outline = readonly LonLat[];

/** No warning needs a finer outline; beyond it every so many corners are left out. */
const mostCorners = 1_000;
const circleCorners = 64;
/** A circle of no extent still is somewhere (CAP 1.2 §3.2.4: a radius of 0 is common). */
const leastRadiusMeters = 50;
const greatestRadiusMeters = 2_000_000;

/** The outline of a `polygon`: "lat,lon lat,lon …" with the first pair last again. Undefined when it is none. */
export function readPolygon(text: string): Outline | undefined {
  const pairs = text.trim().split(/\s+/).map(readPair);
  if (!pairs.every((pair) => pair !== undefined)) return undefined;
  const open = isSame(pairs[0], pairs.at(-1)) ? pairs.slice(0, -1) : pairs;
  const corners = thinned(open);
  const [first] = corners;
  return first && corners.length >= 3 ? counterclockwise([...corners, first]) : undefined;
}

/** The outline of a `circle`: "lat,lon radius" in kilometres. Undefined when it is none. */
export function readCircle(text: string): Outline | undefined {
  const [center = '', kilometres = '', ...rest] = text.trim().split(/\s+/);
  const pair = readPair(center);
  const meters = readNumber(kilometres) * 1_000;
  if (!pair || rest.length > 0 || !(meters >= 0 && meters <= greatestRadiusMeters)) return undefined;
  const [lon, lat] = pair;
  const corners = Array.from({ length: circleCorners }, (_, corner): LonLat => {
    const bearing = -(corner * 360) / circleCorners;
    const at = destination({ lat, lon }, bearing, Math.max(leastRadiusMeters, meters));
    return [at.lon, at.lat];
  });
  const [first] = corners;
  return first && [...corners, first];
}

function readPair(text: string): LonLat | undefined {
  const [lat, lon, ...rest] = text.split(',').map(readNumber);
  if (lat === undefined || lon === undefined || rest.length > 0) return undefined;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : undefined;
}

/** NaN for what is no plain decimal number. */
function readNumber(text: string): number {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

function thinned(corners: readonly LonLat[]): readonly LonLat[] {
  const step = Math.ceil(corners.length / mostCorners);
  return step <= 1 ? corners : corners.filter((_, index) => index % step === 0);
}

const isSame = (a: LonLat | undefined, b: LonLat | undefined) => a?.[0] === b?.[0] && a?.[1] === b?.[1];
