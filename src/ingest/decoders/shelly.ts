import type { StatusMessage } from '../device-message.ts';
import { parseJson } from './bounded-json.ts';
import { type Arrival, type Decoded, ignore, reject, type TopicArrival } from './decoded.ts';
import { stamp } from './device-clock.ts';
import { type Dialect, ownTopic } from './dialect.ts';
import { type MeasuredPart, readingOf } from './measured-part.ts';
import { readDocument } from './payload-document.ts';
import { shellyComponent } from './payloads.ts';

/** First generation, `shellies/NAME/sensor/…`: a bare number each. */
const sensors: Readonly<Record<string, readonly [measurement: string, unit: string]>> = {
  temperature: ['temperature', '°C'],
  humidity: ['humidity', '%'],
  battery: ['battery', '%'],
};

export function decodeShellySensor(arrival: TopicArrival): Decoded {
  const name = arrival.levels[3] ?? '';
  const known = Object.hasOwn(sensors, name) ? sensors[name] : undefined;
  if (!known) return ignore('nothing-said');
  const text = readDocument(arrival.payload, true);
  if (!text.ok) return reject(text.reason);
  const [measurement, unit] = known;
  // Its own word for a probe that did not answer.
  if (text.value === 999 || text.value === null) return ignore('nothing-said');
  return readingOf(arrival, undefined, [{ measurement, pointer: '', raw: text.value, unit }]);
}

/** From the second generation on, `NAME/status/COMPONENT:N`: JSON of one component. */
export function decodeShellyStatus(arrival: TopicArrival): Decoded {
  const component = arrival.levels[2]?.split(':', 1)[0] ?? '';
  if (!['temperature', 'humidity', 'devicepower'].includes(component)) return ignore('nothing-said');
  const json = parseJson(arrival.payload);
  if (!json.ok) return reject(json.reason);
  if (!shellyComponent.Check(json.value)) return reject('wrong-payload');
  const { tC, rh, battery } = json.value;
  const parts: MeasuredPart[] = [
    { measurement: 'temperature', pointer: '/tC', raw: tC, unit: '°C' },
    { measurement: 'humidity', pointer: '/rh', raw: rh, unit: '%' },
    { measurement: 'battery', pointer: '/battery/percent', raw: battery?.percent, unit: '%' },
  ];
  const said = parts.filter(({ raw }) => raw !== undefined && raw !== null);
  return said.length === 0 ? ignore('nothing-said') : readingOf(arrival, undefined, said);
}

/** `NAME/online`, either generation: `true`, and `false` from the broker when it is lost. */
export function decodeShellyOnline({ device, payload, receivedAt }: Arrival): Decoded {
  const text = readDocument(payload, true);
  if (!text.ok) return reject(text.reason);
  if (typeof text.value !== 'boolean') return reject('wrong-payload', [{ pointer: '', expected: 'true or false' }]);
  const message: StatusMessage = { type: 'status', ...stamp(device, receivedAt, undefined), online: text.value };
  return { ok: true, message, measured: {} };
}

export const shelly: Dialect = {
  name: 'shelly',
  topics: [
    ownTopic('shellies/{device}/sensor/+', decodeShellySensor),
    ownTopic('shellies/{device}/online', decodeShellyOnline),
    ownTopic('{device}/status/+', decodeShellyStatus),
    ownTopic('{device}/online', decodeShellyOnline),
  ],
};
