import type { ReadingMessage } from '../device-message.ts';
import { parseJson } from './bounded-json.ts';
import { type Arrival, type Decoded, reject } from './decoded.ts';
import { parseTime, stamp } from './device-clock.ts';
import { readingPayload } from './payloads.ts';

/** `__proto__` is refused by the schema's pattern; these would shadow what every object has. */
export const reservedNames = new Set(Object.getOwnPropertyNames(Object.prototype));

export function decodeReading({ device, payload, receivedAt }: Arrival): Decoded {
  const json = parseJson(payload);
  if (!json.ok) return reject(json.reason);
  if (!readingPayload.Check(json.value)) return reject('wrong-payload');
  const claimed = parseTime(json.value.at);
  if (!claimed) return reject('wrong-time');
  const entries = Object.entries(json.value.values).filter((entry): entry is [string, number] => entry[1] !== null);
  if (entries.length === 0 || entries.some(([name]) => reservedNames.has(name))) return reject('wrong-payload');
  const values = Object.fromEntries(entries);
  const message: ReadingMessage = { type: 'reading', ...stamp(device, receivedAt, claimed), values };
  return { ok: true, message, measured: values };
}
