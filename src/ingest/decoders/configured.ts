import { toWgs84 } from '../../gis/datum.ts';
import { isNullIsland } from '../../gis/point.ts';
import type { SosMessage } from '../device-message.ts';
import { unitOf } from '../units-of-measure.ts';
import { type Arrival, type Decoded, type FieldFault, ignore, measuredOf, reject } from './decoded.ts';
import type { DecoderConfig, NumberField, PositionFields, SosFields, StatusFields } from './decoder-config.ts';
import { stamp } from './device-clock.ts';
import { readPointer, valueAt } from './json-pointer.ts';
import { compileNumber, largestValue, type NumberLimits, type NumberReading, sortReadings } from './number-field.ts';
import { readDocument } from './payload-document.ts';
import { cleanText, positioned, sosKey } from './terminal.ts';
import { compileTime } from './time-field.ts';
import { compileText, compileYes } from './yes-field.ts';

/** What a payload of one decoder of the configuration means. */
export type ConfiguredDecode = (arrival: Arrival) => Decoded;

/** The document of a payload, and when it says it was. */
interface Opened {
  readonly document: unknown;
  readonly claimed: Date | undefined;
}

type Read = (arrival: Arrival, opened: Opened) => Decoded;

/** Makes a decoder of `decoders:` ready: pointers taken apart, units looked up, once. The configuration is valid. */
export function compileDecoder(config: DecoderConfig): ConfiguredDecode {
  const bare = !JSON.stringify(config).includes('"pointer":"/');
  const time = compileTime(config.at);
  const read = compileRead(config);
  const isSos = config.type === 'sos';
  return (arrival) => {
    const opened = readDocument(arrival.payload, bare);
    // A call for help that cannot be read is a call for help.
    if (!opened.ok) return isSos ? read(arrival, { document: undefined, claimed: undefined }) : reject(opened.reason);
    const claimed = time(opened.value);
    if (claimed === undefined || claimed instanceof Date) return read(arrival, { document: opened.value, claimed });
    return isSos ? read(arrival, { document: opened.value, claimed: undefined }) : reject('wrong-time', [claimed]);
  };
}

function compileRead({ type, values = {}, position, status = {}, sos = {} }: DecoderConfig): Read {
  if (type === 'position' && position) return compilePosition(position);
  if (type === 'status') return compileStatus(status);
  return type === 'sos' ? compileSos(sos) : compileReading(values);
}

/** What `sortReadings` takes, of some fields by name. */
type Numbers = (document: unknown) => ReturnType<typeof sortReadings>;

function compileNumbers(fields: readonly (readonly [name: string, field: NumberField | undefined])[]): Numbers {
  const compiled = fields.flatMap(([name, field]) =>
    field ? [[name, compileNumber(field, limitsOf(name))] as const] : [],
  );
  return (document) => sortReadings(compiled.map(([name, read]): [string, NumberReading] => [name, read(document)]));
}

const limits: Readonly<Record<string, readonly [minimum: number, maximum: number]>> = {
  lat: [-90, 90],
  lon: [-180, 180],
  speed: [0, 200],
  heading: [0, 360],
  accuracy: [0, 1e6],
  battery: [0, 100],
  signal: [-200, 200],
};

function limitsOf(name: string): NumberLimits {
  const [minimum, maximum] = (Object.hasOwn(limits, name) && limits[name]) || [-largestValue, largestValue];
  return { unit: unitOf(name), minimum, maximum };
}

/** One probe that is out of order does not silence its neighbours. */
function compileReading(fields: Readonly<Record<string, NumberField>>): Read {
  const numbers = compileNumbers(Object.entries(fields));
  const pointers = Object.values(fields).map(({ pointer }) => ({ pointer, expected: 'a number' }));
  return ({ device, receivedAt }, { document, claimed }) => {
    const { values, faults } = numbers(document);
    if (Object.keys(values).length === 0) return reject('wrong-payload', faults.length > 0 ? faults : pointers);
    const message = { type: 'reading', ...stamp(device, receivedAt, claimed), values } as const;
    return { ok: true, message, measured: values, ...faulty(faults) };
  };
}

function compilePosition({ datum, ...fields }: PositionFields): Read {
  const numbers = compileNumbers(Object.entries(fields));
  return ({ device, receivedAt }, { document, claimed }) => {
    const { values, faults } = numbers(document);
    const { lat, lon, ...rest } = values;
    if (lat === undefined || lon === undefined)
      return reject('wrong-payload', [...faults, ...missing(fields, document)]);
    if (isNullIsland({ lat, lon })) return reject('null-island');
    const point = toWgs84({ lat, lon, ...(datum && { datum }) });
    const decoded = positioned({ type: 'position', ...stamp(device, receivedAt, claimed), point, ...rest });
    return { ...decoded, ...faulty(faults) };
  };
}

function compileStatus({ online, ptt, channel, ...fields }: StatusFields): Read {
  const numbers = compileNumbers(Object.entries(fields));
  const [isOnline, isTalking, channelOf] = [compileYes(online), compileYes(ptt), compileText(channel)];
  return ({ device, receivedAt }, { document, claimed }) => {
    const { values, faults } = numbers(document);
    const said = isOnline(document);
    if (online && said === undefined)
      return reject('wrong-payload', [{ pointer: online.pointer, expected: 'a value' }]);
    const [talking, channelName] = [isTalking(document), channelOf(document)];
    const message = {
      type: 'status',
      ...stamp(device, receivedAt, claimed),
      // A status without a word on it comes from a device that is there.
      online: said ?? true,
      ...values,
      ...(channelName !== undefined && { channel: channelName.slice(0, 64) }),
      ...(talking !== undefined && { ptt: talking }),
    } as const;
    return { ok: true, message, measured: measuredOf(message, ['battery', 'signal']), ...faulty(faults) };
  };
}

function compileSos({ when, lat, lon, datum, text }: SosFields): Read {
  const numbers = compileNumbers(Object.entries({ lat, lon }));
  const [isCall, textOf] = [compileYes(when), compileText(text)];
  return (arrival, { document, claimed }) => {
    if (isCall(document) === false) return ignore('no-call');
    const { values } = numbers(document);
    const words = textOf(document);
    const written = { lat: values.lat ?? 0, lon: values.lon ?? 0, ...(datum && { datum }) };
    const message: SosMessage = {
      type: 'sos',
      key: sosKey(arrival, claimed),
      ...stamp(arrival.device, arrival.receivedAt, claimed),
      ...(values.lat !== undefined &&
        values.lon !== undefined &&
        !isNullIsland(written) && { point: toWgs84(written) }),
      ...(words !== undefined && { text: cleanText(words) }),
    };
    return { ok: true, message, measured: {} };
  };
}

/** Which of the two is not there at all. */
function missing({ lat, lon }: Pick<PositionFields, 'lat' | 'lon'>, document: unknown): FieldFault[] {
  const absent = [lat, lon].filter(({ pointer }) => (valueAt(document, readPointer(pointer)) ?? null) === null);
  return absent.map(({ pointer }) => ({ pointer, expected: 'degrees' }));
}

function faulty(faults: readonly FieldFault[]): { readonly faults?: readonly FieldFault[] } {
  return faults.length > 0 ? { faults } : {};
}
