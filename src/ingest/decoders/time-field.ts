import type { FieldFault } from './decoded.ts';
import type { TimeField } from './decoder-config.ts';
import { parseTime } from './device-clock.ts';
import { readPointer, valueAt } from './json-pointer.ts';
import { numberOf } from './number-field.ts';

const expectations = {
  rfc3339: 'a time like 2026-11-21T02:47:00Z',
  seconds: 'seconds since 1970',
  milliseconds: 'milliseconds since 1970',
} as const satisfies Record<TimeField['form'], string>;

/** Beyond this a Date has no value (ECMA-262 §21.4.1.1). */
const lastTimeMs = 8.64e15;

/** The time a payload gives; a decoder without one goes by the time of receipt. */
export function compileTime(field: TimeField | undefined): (document: unknown) => Date | FieldFault | undefined {
  if (!field) return () => undefined;
  const { pointer, form } = field;
  const steps = readPointer(pointer);
  return (document) => timeOf(valueAt(document, steps), form) ?? { pointer, expected: expectations[form] };
}

function timeOf(raw: unknown, form: TimeField['form']): Date | undefined {
  if (form === 'rfc3339') return typeof raw === 'string' ? parseTime(raw) : undefined;
  const number = numberOf(raw);
  return number === undefined ? undefined : epochTime(form === 'seconds' ? number * 1_000 : number);
}

/** Undefined where no calendar goes. */
export function epochTime(ms: number): Date | undefined {
  return Math.abs(ms) <= lastTimeMs ? new Date(ms) : undefined;
}
