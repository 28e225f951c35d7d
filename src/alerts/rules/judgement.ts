import type { Reason } from '../../shared/reason.ts';
import type { Severity } from '../alert.ts';

/**
 * What one reading says under one rule: it raises at a severity, it clears, or it lies between the two limits, where a
 * raised alert stays and none begins.
 */
export interface Judgement {
  readonly verdict: Severity | 'between' | 'clear';
  readonly title: string;
  readonly reasons: readonly Reason[];
}

export type Values = Readonly<Record<string, number>>;

/** A measure that is there and is a number: a station may send NaN for a broken head. */
export function measured(values: Values, measure: string): number | undefined {
  const value = Object.hasOwn(values, measure) ? values[measure] : undefined;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
