import type { SensorRule } from '../config.ts';

/** Seconds of readings that a rule must have before it can raise. */
export function lookbackSeconds(rule: SensorRule): number {
  const window = rule.kind === 'rate' ? rule.window : 0;
  const silence = rule.kind === 'no-data' ? rule.after : 0;
  const together = rule.kind === 'combination' ? rule.within : 0;
  return rule.for + window + silence + together;
}
