import { type Static, Type } from 'typebox';
import type { ValueIssue } from '../shared/check-value.ts';
import { IceRule, iceRule } from './rules/ice.ts';
import { StrongWindRule, strongWindRule } from './rules/strong-wind.ts';
import { VisibilityRule, visibilityRule } from './rules/visibility.ts';

export const SensorRule = Type.Union([VisibilityRule, IceRule, StrongWindRule], {
  description: 'a rule of kind low-visibility, ice or strong-wind, with the keys of its kind',
});
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

/** What the schema cannot say: an id stands once, and a rule clears beyond every limit it raises at. */
export function ruleIssues({ rules }: RulesConfig): ValueIssue[] {
  return rules.flatMap((rule, index) => {
    const issue = (key: string, message: string) => ({ path: ['rules', index, key], at: 'value' as const, message });
    const first = rules.findIndex(({ id }) => id === rule.id);
    return [
      ...(first < index ? [issue('id', `expected an id that no other rule has; rules[${first}] has it too`)] : []),
      ...(clearsBeyond(rule) ? [] : [issue('clear', 'expected it to lie beyond every limit the rule raises at')]),
    ];
  });
}

function clearsBeyond(rule: SensorRule): boolean {
  switch (rule.kind) {
    case 'low-visibility':
      return rule.raise.every(({ below }) => rule.clear >= below);
    case 'strong-wind':
      return rule.raise.every(({ from }) => rule.clear <= from);
    case 'ice':
      return rule.clear.temperature >= rule.raise.temperature && rule.clear.humidity <= rule.raise.humidity;
  }
}
