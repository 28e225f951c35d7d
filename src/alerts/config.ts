import { type Static, Type } from 'typebox';
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
