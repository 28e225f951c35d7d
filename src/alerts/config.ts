import { type Static, Type } from 'typebox';
import type { ValueIssue } from '../shared/check-value.ts';
import { CombinationRule } from './rules/combination.ts';
import { IceRule, iceRule } from './rules/ice.ts';
import { NoDataRule } from './rules/no-data.ts';
import { RateRule } from './rules/rate-of-change.ts';
import { ruleMistakes } from './rules/rule-mistakes.ts';
import { StrongWindRule, strongWindRule } from './rules/strong-wind.ts';
import { ThresholdRule } from './rules/threshold.ts';
import { VisibilityRule, visibilityRule } from './rules/visibility.ts';

export const SensorRule = Type.Union(
  [VisibilityRule, IceRule, StrongWindRule, ThresholdRule, RateRule, NoDataRule, CombinationRule],
  { description: 'a rule of kind low-visibility, ice, strong-wind, threshold, rate, no-data or combination' },
);
export type SensorRule = Static<typeof SensorRule>;

/** `rules.yaml`. */
export const RulesConfig = Type.Object(
  { rules: Type.Array(SensorRule, { default: [] }) },
  { additionalProperties: false },
);
export type RulesConfig = Static<typeof RulesConfig>;

export const builtInRules: readonly SensorRule[] = [visibilityRule, iceRule, strongWindRule];

/** The built-in rules, each replaced by the configured one of the same id, and the configured others; none switched off. */
export function sensorRulesOf({ rules }: RulesConfig): SensorRule[] {
  const byId = new Map([...builtInRules, ...rules].map((rule) => [rule.id, rule]));
  return [...byId.values()].filter(({ enabled }) => enabled);
}

/** What the schema cannot say: an id stands once, and what `ruleMistakes` finds in each rule. */
export function ruleIssues({ rules }: RulesConfig): ValueIssue[] {
  return rules.flatMap((rule, index) => {
    const issue = (path: readonly (string | number)[], message: string): ValueIssue => ({
      path: ['rules', index, ...path],
      at: 'value',
      message,
    });
    const first = rules.findIndex(({ id }) => id === rule.id);
    const again = `expected an id that no other rule has; rules[${first}] has it too`;
    return [
      ...(first < index ? [issue(['id'], again)] : []),
      ...ruleMistakes(rule).map(({ path, message }) => issue(path, message)),
    ];
  });
}

/** A rule for a sensor that does not exist would never raise anything, and nobody would know. */
export function unknownSensors({ rules }: RulesConfig, known: ReadonlySet<string>): ValueIssue[] {
  return rules.flatMap((rule, index) =>
    namedSensors(rule)
      .filter(({ sensor }) => !known.has(sensor))
      .map(({ path }) => ({
        path: ['rules', index, ...path],
        at: 'value' as const,
        message: 'expected the id of a device in tianliang.yaml',
      })),
  );
}

interface NamedSensor {
  readonly sensor: string;
  readonly path: readonly (string | number)[];
}

function namedSensors(rule: SensorRule): NamedSensor[] {
  const of = (rule.sensors ?? []).map((sensor, index) => ({ sensor, path: ['sensors', index] }));
  if (rule.kind !== 'combination') return of;
  const ofConditions = rule.conditions.flatMap(({ sensor }, index) =>
    sensor === undefined ? [] : [{ sensor, path: ['conditions', index, 'sensor'] }],
  );
  return [...of, ...ofConditions];
}
