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
  const values = readValues(json.value.values);
  if (!values) return reject('wrong-payload');
  const message: ReadingMessage = { type: 'reading', ...stamp(device, receivedAt, claimed), values };
  return { ok: true, message, measured: values };
}

/** Undefined where there is none, or one that may not be called so. */
function readValues(said: Readonly<Record<string, number | null>>): Record<string, number> | undefined {
  const values: Record<string, number> = {};
  let read = 0;
  for (const name of Object.keys(said)) {
    if (reservedNames.has(name)) return undefined;
    const value = said[name];
    if (typeof value !== 'number') continue;
    values[name] = value;
    read += 1;
  }
  return read > 0 ? values : undefined;
}
