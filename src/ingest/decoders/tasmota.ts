import type { StatusMessage } from '../device-message.ts';
import { parseJson } from './bounded-json.ts';
import { type Arrival, type Decoded, ignore, reject } from './decoded.ts';
import { parseTime, stamp } from './device-clock.ts';
import { type Dialect, ownTopic } from './dialect.ts';
import { pointerStep } from './json-pointer.ts';
import { type MeasuredPart, readingOf } from './measured-part.ts';
import { readDocument } from './payload-document.ts';
import { tasmotaProbe, tasmotaSensor, tasmotaState } from './payloads.ts';

/** What a probe calls it, which measurement that is, and the key that names its unit for the whole message. */
const quantities = [
  ['Temperature', 'temperature', 'TempUnit', '°C'],
  ['DewPoint', 'dewPoint', 'TempUnit', '°C'],
  ['Humidity', 'humidity', undefined, '%'],
  ['Pressure', 'pressure', 'PressureUnit', 'hPa'],
] as const;

/** `tele/NAME/SENSOR`: an object for each probe. Of two probes for the same the first counts; a decoder names the other. */
export function decodeTasmotaSensor(arrival: Arrival): Decoded {
  const json = parseJson(arrival.payload);
  if (!json.ok) return reject(json.reason);
  if (!tasmotaSensor.Check(json.value)) return reject('wrong-payload');
  const parts = partsOf(json.value);
  if (parts.length === 0) return ignore('nothing-said');
  return readingOf(arrival, timeOf(json.value), parts);
}

/** `tele/NAME/STATE`: it is there, and how well it hears its access point. */
export function decodeTasmotaState(arrival: Arrival): Decoded {
  const json = parseJson(arrival.payload);
  if (!json.ok) return reject(json.reason);
  if (!tasmotaState.Check(json.value)) return reject('wrong-payload');
  const signal = json.value.Wifi?.Signal;
  const message: StatusMessage = {
    type: 'status',
    ...stamp(arrival.device, arrival.receivedAt, timeOf(json.value)),
    online: true,
    ...(signal !== undefined && { signal }),
  };
  return { ok: true, message, measured: signal === undefined ? {} : { signal } };
}

/** `tele/NAME/LWT`: `Online` when it connects, `Offline` from the broker when it is lost. */
export function decodeTasmotaWill({ device, payload, receivedAt }: Arrival): Decoded {
  const text = readDocument(payload, true);
  if (!text.ok) return reject(text.reason);
  if (text.value !== 'Online' && text.value !== 'Offline')
    return reject('wrong-payload', [{ pointer: '', expected: 'Online or Offline' }]);
  const message: StatusMessage = {
    type: 'status',
    ...stamp(device, receivedAt, undefined),
    online: text.value === 'Online',
  };
  return { ok: true, message, measured: {} };
}

export const tasmota: Dialect = {
  name: 'tasmota',
  topics: [
    ownTopic('tele/{device}/SENSOR', decodeTasmotaSensor),
    ownTopic('tele/{device}/STATE', decodeTasmotaState),
    ownTopic('tele/{device}/LWT', decodeTasmotaWill),
  ],
};

/** Its clock says local time and no zone unless it is set to: what cannot be placed gives way to the time of receipt. */
function timeOf({ Time }: { readonly Time?: string }): Date | undefined {
  return Time === undefined ? undefined : parseTime(Time);
}

function partsOf(said: Readonly<Record<string, unknown>>): MeasuredPart[] {
  const parts = Object.entries(said).flatMap(([probe, value]) =>
    tasmotaProbe.Check(value) ? partsOfProbe(pointerStep(probe), value, said) : [],
  );
  return [...new Map(parts.toReversed().map((part) => [part.measurement, part])).values()];
}

function partsOfProbe(
  pointer: string,
  probe: Readonly<Record<string, unknown>>,
  said: Readonly<Record<string, unknown>>,
): MeasuredPart[] {
  return quantities.flatMap(([key, measurement, unitKey, usual]) => {
    const raw = probe[key] ?? undefined;
    if (raw === undefined) return [];
    const unit = unitKey === undefined ? usual : String(said[unitKey] ?? usual);
    return [{ measurement, pointer: `${pointer}/${key}`, raw, unit }];
  });
}
