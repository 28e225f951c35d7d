import { type Conversion, conversion, convert } from '../unit-conversion.ts';
import type { FieldFault } from './decoded.ts';
import type { NumberField } from './decoder-config.ts';
import { readPointer, valueAt } from './json-pointer.ts';

/** What a number must be for us, in the unit we keep it in. */
export interface NumberLimits {
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** A number, why there is none, or undefined where the payload does not speak of it. */
export type NumberReading = number | FieldFault | undefined;

const asItIs: Conversion = { factor: 1, offset: 0 };
const plainNumber = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*$/;
/** No device measures more. */
export const largestValue = 1e12;

/** A field of a decoder made ready: from a payload to a number in our unit. */
export function compileNumber(field: NumberField, limits: NumberLimits): (document: unknown) => NumberReading {
  const steps = readPointer(field.pointer);
  const { pointer, scale = 1, offset = 0 } = field;
  const minimum = Math.max(field.minimum ?? limits.minimum, limits.minimum);
  const maximum = Math.min(field.maximum ?? limits.maximum, limits.maximum);
  const toOurs = (field.unit !== undefined && conversion(field.unit, limits.unit)) || asItIs;
  const expected = `${boundsText(minimum, maximum)} ${limits.unit}`.trimEnd();
  return (document) => {
    const raw = valueAt(document, steps);
    if (raw === undefined || raw === null) return undefined;
    const number = numberOf(raw);
    if (number === undefined) return { pointer, expected: 'a number' };
    const value = convert(number * scale + offset, toOurs);
    if (value >= minimum && value <= maximum) return value;
    return { pointer, expected };
  };
}

function boundsText(minimum: number, maximum: number): string {
  if (minimum === -largestValue) return `at most ${maximum}`;
  return maximum === largestValue ? `at least ${minimum}` : `${minimum} to ${maximum}`;
}

/** Many devices put their numbers into quotes. */
export function numberOf(raw: unknown): number | undefined {
  if (typeof raw === 'string') return plainNumber.test(raw) ? Number(raw) : undefined;
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined;
}

/** The numbers that are there, apart from why others are not. */
export function sortReadings(readings: Iterable<readonly [name: string, reading: NumberReading]>): {
  readonly values: Readonly<Record<string, number>>;
  readonly faults: readonly FieldFault[];
} {
  const values: Record<string, number> = {};
  const faults: FieldFault[] = [];
  for (const [name, reading] of readings) {
    if (typeof reading === 'number') values[name] = reading;
    else if (reading !== undefined) faults.push(reading);
  }
  return { values, faults };
}
