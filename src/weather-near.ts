/** What the nearest station measures where an alert of a camera is raised: the detector knows pictures, the stations the weather. */
import type { Observation } from './alerts/observation.ts';
import type { Weather } from './alerts/why.ts';
import { distanceMeters } from './gis/distance.ts';
import type { GeoPoint } from './gis/point.ts';
import type { Device } from './ingest/device.ts';
import { isSensor } from './placing.ts';

const weatherMeasures = ['visibility', 'rain', 'snow', 'wind', 'temperature'] as const;

/** Farther away, in the mountains, it is another weather. */
const nearMeters = 5_000;
const freshMs = 15 * 60_000;
/** A tenth of a degree of latitude is 11 km: who is farther is not worth an arc. */
const nearDegrees = 0.1;

/** Of the nearest sensor that measures any of the weather and did so lately; undefined when there is none. */
export function weatherNear(devices: readonly Device[], { lat, lon }: GeoPoint, now: Date): Weather | undefined {
  const stations = devices.flatMap((device) => {
    const { position, at } = device;
    if (!isSensor(device) || !position || at === undefined || Math.abs(position.lat - lat) > nearDegrees) return [];
    const [meters, ageMs] = [distanceMeters(position, { lat, lon }), now.getTime() - Date.parse(at)];
    const values = weatherOf(device);
    const isNear = meters <= nearMeters && ageMs <= freshMs && Object.keys(values).length > 0;
    return isNear ? [{ station: device.name, meters: Math.round(meters), at, ...values }] : [];
  });
  const [first, ...others] = stations;
  return first && others.reduce<Weather>((best, one) => (one.meters < best.meters ? one : best), first);
}

/** The observation with the weather among what fired it. */
export function weathered(observation: Observation, devices: () => readonly Device[]): Observation {
  const { why, position, at } = observation;
  const weather = why && weatherNear(devices(), position, at);
  return why && weather ? { ...observation, why: { ...why, weather } } : observation;
}

function weatherOf({ values = {} }: Device): Measured {
  const found: { -readonly [M in keyof Measured]: Measured[M] } = {};
  for (const measure of weatherMeasures) {
    const value = values[measure];
    if (value !== undefined && Number.isFinite(value)) found[measure] = Math.round(value * 10) / 10;
  }
  return found;
}

type Measured = { readonly [M in (typeof weatherMeasures)[number]]?: number };
