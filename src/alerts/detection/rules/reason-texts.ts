import type { Reason } from '../../../shared/reason.ts';

/** `value` with at most so many digits behind the point. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** How long something went on, and how long it may: `在硬路肩停留 3 s，门限 3 s`. */
export function dwellReason(text: string, dwellMs: number, limitMs: number): Reason {
  const [value, limit] = [round(dwellMs / 1_000, 1), round(limitMs / 1_000, 1)];
  return { text: `${text} ${value} s，门限 ${limit} s`, value, limit, unit: 's' };
}
