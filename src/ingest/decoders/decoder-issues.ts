import { readTopicPattern, type TopicPattern } from '../topic-pattern.ts';
import { conversion, isUnit, unitNames } from '../unit-conversion.ts';
import { unitOf } from '../units-of-measure.ts';
import type { DecoderConfig, NumberField } from './decoder-config.ts';
import { deviceTemplateFault } from './device-template.ts';
import { reservedNames } from './sensor.ts';

interface DecoderIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const measurementName = /^[a-z][A-Za-z0-9_]{0,63}$/;
const mostValues = 64;
const partOf = { reading: 'values', position: 'position', status: 'status', sos: 'sos' } as const;

/** What the schema of `decoders:` cannot say, all of it. */
export function decoderIssues(
  decoders: readonly DecoderConfig[],
  devices: readonly { readonly id: string }[],
): DecoderIssue[] {
  const ids = new Set(devices.map(({ id }) => id));
  return decoders.flatMap((decoder, index) =>
    [...repeated(decoders, index), ...issuesOf(decoder), ...unknownDevice(decoder, ids)].map(({ path, message }) => ({
      path: ['decoders', index, ...path],
      message,
    })),
  );
}

function repeated(decoders: readonly DecoderConfig[], index: number): DecoderIssue[] {
  const first = decoders.findIndex(({ id }) => id === decoders[index]?.id);
  return first === index ? [] : [{ path: ['id'], message: `is the id of decoders[${first}] already` }];
}

function unknownDevice({ device }: DecoderConfig, ids: ReadonlySet<string>): DecoderIssue[] {
  if (device === undefined || device.includes('{') || ids.has(device)) return [];
  return [{ path: ['device'], message: 'expected the id of an entry of devices' }];
}

function issuesOf(decoder: DecoderConfig): DecoderIssue[] {
  const pattern = readTopicPattern(decoder.topic);
  const topic = 'wrong' in pattern ? [{ path: ['topic'], message: pattern.wrong }] : speakerIssues(decoder, pattern);
  return [...topic, ...partIssues(decoder), ...valueNames(decoder), ...fieldsOf(decoder).flatMap(fieldIssues)];
}

function speakerIssues({ device }: DecoderConfig, pattern: TopicPattern): DecoderIssue[] {
  if (pattern.levels[0] === 'tianliang')
    return [{ path: ['topic'], message: 'expected another topic: what stands below tianliang/ is understood already' }];
  if (device === undefined) {
    if (pattern.names.has('device')) return [];
    return [{ path: ['topic'], message: 'expected a level {device}, or device: to say who speaks' }];
  }
  const message = deviceTemplateFault(device, pattern);
  return message === undefined ? [] : [{ path: ['device'], message }];
}

/** A reading has values, a position its fields, and neither has the other's. */
function partIssues(decoder: DecoderConfig): DecoderIssue[] {
  const { type } = decoder;
  const wanted = partOf[type];
  const missing = type !== 'sos' && decoder[wanted] === undefined;
  const extra = Object.values(partOf).filter((part) => part !== wanted && decoder[part] !== undefined);
  return [
    ...(missing ? [{ path: [wanted], message: `missing; expected what a ${type} is made of` }] : []),
    ...extra.map((part) => ({ path: [part], message: `expected ${wanted}: the type is ${type}` })),
  ];
}

function valueNames({ values }: DecoderConfig): DecoderIssue[] {
  const names = Object.keys(values ?? {});
  const amount = values && (names.length === 0 || names.length > mostValues);
  const wrong = names.filter((name) => !measurementName.test(name) || reservedNames.has(name));
  return [
    ...(amount ? [{ path: ['values'], message: `expected 1 to ${mostValues} measurements` }] : []),
    ...wrong.map((name) => ({ path: ['values', name], message: 'expected a name like roadTemperature' })),
  ];
}

/** Every number of a decoder, with where it stands and the unit it becomes. */
interface PlacedField {
  readonly path: readonly string[];
  readonly field: NumberField;
  readonly unit: string;
}

function fieldsOf({ values = {}, position, status, sos }: DecoderConfig): PlacedField[] {
  const parts = { values, position, status, sos };
  return Object.entries(parts).flatMap(([part, fields]) =>
    Object.entries(fields ?? {}).flatMap(([name, field]) =>
      isNumberField(part, name, field) ? [{ path: [part, name], field, unit: unitOf(name) }] : [],
    ),
  );
}

const otherFields = new Set(['online', 'channel', 'ptt', 'when', 'text', 'datum']);

function isNumberField(part: string, name: string, field: unknown): field is NumberField {
  return typeof field === 'object' && (part === 'values' || !otherFields.has(name));
}

function fieldIssues({ path, field, unit }: PlacedField): DecoderIssue[] {
  const { minimum, maximum, scale } = field;
  const message = field.unit === undefined ? undefined : unitFault(field.unit, unit);
  const crossed = minimum !== undefined && maximum !== undefined && minimum > maximum;
  return [
    ...(message === undefined ? [] : [{ path: [...path, 'unit'], message }]),
    ...(crossed ? [{ path: [...path, 'minimum'], message: `expected at most the maximum, ${maximum}` }] : []),
    ...(scale === 0 ? [{ path: [...path, 'scale'], message: 'expected another scale than 0' }] : []),
  ];
}

function unitFault(from: string, to: string): string | undefined {
  if (!isUnit(from)) return `expected one of: ${unitNames.join(', ')}`;
  if (to === '') return 'expected no unit: this measurement is kept as it comes; use scale and offset';
  return conversion(from, to) === undefined ? `expected a unit that can be turned into ${to}` : undefined;
}
