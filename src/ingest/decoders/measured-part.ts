import { conversion, convert } from '../unit-conversion.ts';
import { unitOf } from '../units-of-measure.ts';
import { type Arrival, type Decoded, type FieldFault, reject } from './decoded.ts';
import { stamp } from './device-clock.ts';
import { largestValue, type NumberReading, numberOf, sortReadings } from './number-field.ts';

/** One thing a device measured, in its own words. */
export interface MeasuredPart {
  readonly measurement: string;
  /** Where it stands, as a JSON pointer. */
  readonly pointer: string;
  readonly raw: unknown;
  /** By name; the empty one is ours already. */
  readonly unit: string;
}

/** A reading of the parts that are numbers, in our units; a part that is null is a probe that is out of order. */
export function readingOf(
  { device, receivedAt }: Arrival,
  claimed: Date | undefined,
  parts: readonly MeasuredPart[],
): Decoded {
  const { values, faults } = sortReadings(
    parts.map((part): [string, NumberReading] => [part.measurement, readingOfPart(part)]),
  );
  if (Object.keys(values).length === 0) return reject('wrong-payload', faults);
  const message = { type: 'reading', ...stamp(device, receivedAt, claimed), values } as const;
  return { ok: true, message, measured: values, ...(faults.length > 0 && { faults }) };
}

function readingOfPart({ measurement, pointer, raw, unit }: MeasuredPart): number | FieldFault | undefined {
  if (raw === undefined || raw === null) return undefined;
  const number = numberOf(raw);
  if (number === undefined) return { pointer, expected: 'a number' };
  const ours = unitOf(measurement);
  const conversionToOurs = unit === '' ? undefined : conversion(unit, ours);
  if (unit !== '' && !conversionToOurs) return { pointer, expected: `a unit that can be turned into ${ours}` };
  const value = conversionToOurs ? convert(number, conversionToOurs) : number;
  return Math.abs(value) <= largestValue ? value : { pointer, expected: 'a number in bounds' };
}
