import type { Static, TSchema } from 'typebox';
import { checkValue } from '../../src/shared/check-value.ts';

/** A part of the configuration as it is when nobody writes more of it than this. */
export function filled<T extends TSchema>(schema: T, written: object = {}): Static<T> {
  const checked = checkValue(schema, written);
  if (!checked.ok) throw new Error(checked.issues.map(({ message }) => message).join('\n'));
  return checked.value;
}
