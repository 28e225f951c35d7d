import type { StatusMessage } from '../device-message.ts';
import { parseJson } from './bounded-json.ts';
import { type Arrival, type Decoded, ignore, reject, type TopicArrival } from './decoded.ts';
import { stamp } from './device-clock.ts';
import { type Dialect, ownTopic } from './dialect.ts';
import type { EntityAttributes, KnownAttributes } from './entity-attributes.ts';
import { readingOf } from './measured-part.ts';
import { readDocument } from './payload-document.ts';
import { entityAttribute } from './payloads.ts';

/** How an entity's name ends that measures it; what stands before is the device. Longer endings come first. */
const endings: readonly (readonly [ending: string, measurement: string])[] = [
  ['_road_temperature', 'roadTemperature'],
  ['_temperature', 'temperature'],
  ['_dew_point', 'dewPoint'],
  ['_humidity', 'humidity'],
  ['_wind_gust_speed', 'gust'],
  ['_wind_gust', 'gust'],
  ['_wind_speed', 'wind'],
  ['_wind_direction', 'windDirection'],
  ['_wind_bearing', 'windDirection'],
  ['_visibility', 'visibility'],
  ['_pressure', 'pressure'],
  ['_rain_rate', 'rain'],
  ['_precipitation_intensity', 'rain'],
  ['_water_level', 'waterLevel'],
  ['_battery', 'battery'],
];

const classes: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  humidity: 'humidity',
  wind_speed: 'wind',
  wind_direction: 'windDirection',
  pressure: 'pressure',
  atmospheric_pressure: 'pressure',
  precipitation_intensity: 'rain',
  battery: 'battery',
};

/** A state of one entity: a bare number in the unit that came before it, or in ours when none has. */
export function decodeEntityState(arrival: Arrival, entity: string, known: KnownAttributes): Decoded {
  const text = readDocument(arrival.payload, true);
  if (!text.ok) return reject(text.reason);
  if (text.value === 'unavailable') return gone(arrival);
  if (text.value === 'unknown') return ignore('nothing-said');
  const measurement = endingOf(entity)?.[1] ?? classOf(known);
  if (measurement === undefined)
    return reject('wrong-payload', [
      { pointer: '', expected: 'a device_class, or a name that ends like _temperature' },
    ]);
  const { unit = '' } = known;
  return readingOf(arrival, undefined, [{ measurement, pointer: '', raw: text.value, unit }]);
}

/** An attribute of an entity: a text in quotes. */
export function readAttribute({ payload }: Arrival): string | undefined {
  const json = parseJson(payload);
  return json.ok && entityAttribute.Check(json.value) ? json.value : undefined;
}

/** Home Assistant's statestream. A device is one entity, or all whose names begin with its own. */
export function homeAssistant(attributes: EntityAttributes): Dialect {
  const state = (arrival: TopicArrival) => {
    const entity = arrival.levels[2] ?? '';
    return decodeEntityState(arrival, entity, attributes.of(entity));
  };
  const attribute = (name: keyof KnownAttributes) => (arrival: TopicArrival) => {
    const value = readAttribute(arrival);
    if (value === undefined) return reject('wrong-payload');
    attributes.note(arrival.levels[2] ?? '', { [name]: value });
    return ignore('attribute');
  };
  const topics = [
    ownTopic('homeassistant/sensor/{device}/state', state),
    ownTopic('homeassistant/sensor/{device}/unit_of_measurement', attribute('unit')),
    ownTopic('homeassistant/sensor/{device}/device_class', attribute('deviceClass')),
  ].map((topic) => ({ ...topic, speakers: speakersOf }));
  return { name: 'homeassistant', topics };
}

function speakersOf(levels: readonly string[]): string[] {
  const entity = levels[2] ?? '';
  const ending = endingOf(entity)?.[0];
  return ending === undefined ? [entity] : [entity, entity.slice(0, -ending.length)];
}

function endingOf(entity: string) {
  return endings.find(([ending]) => entity.endsWith(ending));
}

function classOf({ deviceClass = '' }: KnownAttributes): string | undefined {
  return Object.hasOwn(classes, deviceClass) ? classes[deviceClass] : undefined;
}

function gone({ device, receivedAt }: Arrival): Decoded {
  const message: StatusMessage = { type: 'status', ...stamp(device, receivedAt, undefined), online: false };
  return { ok: true, message, measured: {} };
}
