import { type Static, Type } from 'typebox';
import type { Reason } from '../../shared/reason.ts';
import { Severity } from '../alert.ts';
import { type Judgement, measured, type Values } from './judgement.ts';
import { figure, measureWords } from './measure-words.ts';
import { measuredBase, raises, ruleBase } from './rule-base.ts';

/** One of the two limits. */
export const ThresholdTier = Type.Object(
  { above: Type.Optional(Type.Number()), below: Type.Optional(Type.Number()), severity: Severity },
  { additionalProperties: false },
);
export type ThresholdTier = Static<typeof ThresholdTier>;

/** Any measure in its SI unit: raised beyond a tier's limit, cleared at `clear` or beyond it the other way. */
export const ThresholdRule = Type.Object(
  {
    ...ruleBase,
    ...measuredBase,
    kind: Type.Literal('threshold'),
    raises,
    raise: Type.Array(ThresholdTier, { minItems: 1, maxItems: 10 }),
    /** Where the hysteresis ends; the mildest limit when left out. */
    clear: Type.Optional(Type.Number()),
  },
  { additionalProperties: false },
);
export type ThresholdRule = Static<typeof ThresholdRule>;

/** Undefined when the reading lacks the measure. `source` names the sensor in the reasons. */
export function judgeThreshold(rule: ThresholdRule, values: Values, source: string): Judgement | undefined {
  const value = measured(values, rule.measure);
  if (value === undefined) return undefined;
  const tiers = rule.raise.map((tier) => ({ ...limitOf(tier), severity: tier.severity }));
  const [mildest, ...others] = tiers.toSorted((a, b) => a.sign * (a.limit - b.limit));
  if (!mildest) return undefined;
  const { sign } = mildest;
  const clear = rule.clear ?? mildest.limit;
  const tier = [mildest, ...others].findLast(({ limit }) => sign * (value - limit) > 0);
  const { name, unit } = measureWords(rule);
  const limit = tier?.limit ?? clear;
  const rest = tier
    ? `门限 ${figure(limit, unit)}`
    : `${sign > 0 ? '不高于' : '不低于'} ${figure(clear, unit)} 并保持 ${rule.hold} s 解除`;
  const reason: Reason = {
    text: `${name} ${figure(value, unit)}，${rest}`,
    value,
    limit,
    source,
    ...(unit && { unit }),
  };
  return {
    verdict: tier?.severity ?? (sign * (value - clear) <= 0 ? 'clear' : 'between'),
    title: `${name} ${figure(value, unit)}`,
    reasons: [reason],
  };
}

/** The limit, and the way that leads beyond it. */
export function limitOf({ above, below }: { readonly above?: number; readonly below?: number }): {
  readonly limit: number;
  readonly sign: 1 | -1;
} {
  return above === undefined ? { limit: below ?? 0, sign: -1 } : { limit: above, sign: 1 };
}
