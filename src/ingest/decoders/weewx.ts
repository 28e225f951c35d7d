import { parseJson } from './bounded-json.ts';
import { type Arrival, type Decoded, reject } from './decoded.ts';
import { type Dialect, ownTopic } from './dialect.ts';
import { pointerStep } from './json-pointer.ts';
import { type MeasuredPart, readingOf } from './measured-part.ts';
import { numberOf } from './number-field.ts';
import { weewxPayload } from './payloads.ts';
import { epochTime } from './time-field.ts';

type Group = 'temperature' | 'speed' | 'pressure' | 'rate' | 'distance' | 'share' | 'angle';

/** Which observation is which measurement; of two for the same the first that is there. */
const observations: readonly (readonly [observation: string, measurement: string, group: Group])[] = [
  ['outTemp', 'temperature', 'temperature'],
  ['roadTemp', 'roadTemperature', 'temperature'],
  ['dewpoint', 'dewPoint', 'temperature'],
  ['outHumidity', 'humidity', 'share'],
  ['windSpeed', 'wind', 'speed'],
  ['windGust', 'gust', 'speed'],
  ['windDir', 'windDirection', 'angle'],
  ['rainRate', 'rain', 'rate'],
  ['pressure', 'pressure', 'pressure'],
  ['barometer', 'pressure', 'pressure'],
  ['visibility', 'visibility', 'distance'],
];

/** `outTemp_C`: what its MQTT extension appends, and ours for it. */
const suffixes: Readonly<Record<string, string>> = {
  C: '°C',
  F: '°F',
  mps: 'm/s',
  kph: 'km/h',
  mph: 'mph',
  knot: 'kn',
  mbar: 'mbar',
  hPa: 'hPa',
  kPa: 'kPa',
  inHg: 'inHg',
  mmHg: 'mmHg',
  mm_per_hour: 'mm/h',
  cm_per_hour: 'cm/h',
  inch_per_hour: 'in/h',
  in_per_hour: 'in/h',
  meter: 'm',
  km: 'km',
  mile: 'mi',
  foot: 'ft',
};

/** `usUnits`: US 1, METRIC 16, METRICWX 17. */
const systems: Readonly<Record<number, Readonly<Partial<Record<Group, string>>>>> = {
  1: { temperature: '°F', speed: 'mph', pressure: 'inHg', rate: 'in/h', distance: 'mi' },
  16: { temperature: '°C', speed: 'km/h', pressure: 'mbar', rate: 'cm/h', distance: 'km' },
  17: { temperature: '°C', speed: 'm/s', pressure: 'mbar', rate: 'mm/h', distance: 'km' },
};
const sameEverywhere: Readonly<Partial<Record<Group, string>>> = { share: '%', angle: '°' };

/** A packet of WeeWX's MQTT extension: units stand in the names, or follow from `usUnits`. */
export function decodeWeewx(arrival: Arrival): Decoded {
  const json = parseJson(arrival.payload);
  if (!json.ok) return reject(json.reason);
  if (!weewxPayload.Check(json.value)) return reject('wrong-payload');
  const packet = json.value;
  const seconds = numberOf(packet.dateTime);
  const claimed = seconds === undefined ? undefined : epochTime(seconds * 1_000);
  if (!claimed) return reject('wrong-time', [{ pointer: '/dateTime', expected: 'seconds since 1970' }]);
  return readingOf(arrival, claimed, partsOf(packet));
}

/** The topic has no station in it: the station's `topicName` is what WeeWX calls the topic, `weather` unless changed. */
export const weewx: Dialect = {
  name: 'weewx',
  topics: ['{device}/loop', '{device}/archive', 'weather/{device}/loop', 'weather/{device}/archive'].map((text) =>
    ownTopic(text, decodeWeewx),
  ),
};

function partsOf(packet: Readonly<Record<string, unknown>>): MeasuredPart[] {
  const units = { ...sameEverywhere, ...systems[numberOf(packet.usUnits) ?? 0] };
  const keys = new Map(Object.keys(packet).map((key) => [key.split('_', 1)[0], key]));
  const parts = new Map<string, MeasuredPart>();
  for (const [observation, measurement, group] of observations) {
    const key = keys.get(observation);
    if (key === undefined || packet[key] === null || parts.has(measurement)) continue;
    const suffix = key.slice(observation.length + 1);
    // Without a word on its unit a value is refused by name: the empty unit would be ours.
    const unit = suffix === '' ? (units[group] ?? 'usUnits') : unitOfSuffix(suffix);
    parts.set(measurement, { measurement, pointer: pointerStep(key), raw: packet[key], unit });
  }
  return [...parts.values()];
}

/** WeeWX marks the second of two units of a kind: `mps2`. */
function unitOfSuffix(suffix: string): string {
  const name = suffix.replace(/2$/, '');
  return Object.hasOwn(suffixes, name) ? (suffixes[name] ?? name) : name;
}
