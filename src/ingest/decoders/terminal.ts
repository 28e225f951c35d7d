import { createHash } from 'node:crypto';
import { toWgs84 } from '../../gis/datum.ts';
import { type GeoPoint, isNullIsland } from '../../gis/point.ts';
import type { PositionMessage, ReceiptMessage, SosMessage, StatusMessage } from '../device-message.ts';
import { parseJson } from './bounded-json.ts';
import { type Arrival, type Decoded, measuredOf, reject } from './decoded.ts';
import { parseTime, stamp } from './device-clock.ts';
import {
  positionPayload,
  receiptPayload,
  sosPointPayload,
  sosTextPayload,
  sosTimePayload,
  statusPayload,
} from './payloads.ts';

const longestText = 500;
/** Without a time of its own, the same SOS bytes within this span are one press. */
const pressMs = 10 * 60_000;

export const positionFields = ['speed', 'heading', 'accuracy', 'battery', 'signal', 'mileage'];

/** A position as a message and as points: latitude and longitude are measurements too, so that a track is a query. */
export function positioned(message: PositionMessage): Extract<Decoded, { ok: true }> {
  return { ok: true, message, measured: { ...message.point, ...measuredOf(message, positionFields) } };
}

export function decodePosition({ device, payload, receivedAt }: Arrival): Decoded {
  const json = parseJson(payload);
  if (!json.ok) return reject(json.reason);
  if (!positionPayload.Check(json.value)) return reject('wrong-payload');
  const { at, lat, lon, datum, accuracy, speed, heading, battery } = json.value;
  const claimed = parseTime(at);
  if (!claimed) return reject('wrong-time');
  if (isNullIsland({ lat, lon })) return reject('null-island');
  return positioned({
    type: 'position',
    ...stamp(device, receivedAt, claimed),
    point: toWgs84({ lat, lon, ...(datum && { datum }) }),
    ...(accuracy !== undefined && { accuracy }),
    ...(speed !== undefined && { speed }),
    ...(heading !== undefined && { heading }),
    ...(battery !== undefined && { battery }),
  });
}

/** A last will has no time of its own; a status without `online` comes from a device that is. */
export function decodeStatus({ device, payload, receivedAt }: Arrival): Decoded {
  const json = parseJson(payload);
  if (!json.ok) return reject(json.reason);
  if (!statusPayload.Check(json.value)) return reject('wrong-payload');
  const { at, online = true, battery, signal, channel, ptt } = json.value;
  const claimed = at === undefined ? undefined : parseTime(at);
  if (at !== undefined && !claimed) return reject('wrong-time');
  const message: StatusMessage = {
    type: 'status',
    ...stamp(device, receivedAt, claimed),
    online,
    ...(battery !== undefined && { battery }),
    ...(signal !== undefined && { signal }),
    ...(channel !== undefined && { channel: String(channel) }),
    ...(ptt !== undefined && { ptt }),
  };
  return { ok: true, message, measured: measuredOf(message, ['battery', 'signal']) };
}

export function decodeReceipt({ device, payload, receivedAt }: Arrival): Decoded {
  const json = parseJson(payload);
  if (!json.ok) return reject(json.reason);
  if (!receiptPayload.Check(json.value)) return reject('wrong-payload');
  const { at, assignment, state } = json.value;
  const claimed = at === undefined ? undefined : parseTime(at);
  const message: ReceiptMessage = { type: 'receipt', ...stamp(device, receivedAt, claimed), assignment, state };
  return { ok: true, message, measured: {} };
}

/** Never rejected: a call for help with a broken position, a wrong clock or no JSON at all is a call for help. */
export function decodeSos(arrival: Arrival): Decoded {
  const json = parseJson(arrival.payload);
  const value = json.ok ? json.value : undefined;
  const claimed = sosTimePayload.Check(value) ? parseTime(value.at) : undefined;
  const point = sosPoint(value);
  const text = sosTextPayload.Check(value) ? cleanText(value.text) : undefined;
  const message: SosMessage = {
    type: 'sos',
    key: sosKey(arrival, claimed),
    ...stamp(arrival.device, arrival.receivedAt, claimed),
    ...(point && { point }),
    ...(text && { text }),
  };
  return { ok: true, message, measured: {} };
}

function sosPoint(value: unknown): GeoPoint | undefined {
  if (!sosPointPayload.Check(value) || isNullIsland(value)) return undefined;
  return toWgs84(value);
}

export function cleanText(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, longestText);
}

export function sosKey({ device, payload, receivedAt }: Arrival, claimed: Date | undefined): string {
  const press = claimed ? '' : String(Math.floor(receivedAt.getTime() / pressMs));
  const digest = createHash('sha256').update(payload).update(press).digest('hex');
  return `sos:${device}:${digest.slice(0, 24)}`;
}
