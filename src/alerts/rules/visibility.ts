import { type Static, Type } from 'typebox';
import { type Reason, Severity } from '../alert.ts';
import { type Judgement, measured, type Values } from './judgement.ts';
import { ruleBase } from './rule-base.ts';

/** Metres, the farthest tier first. Raised under a tier's limit, cleared above `clear`. */
export const VisibilityRule = Type.Object(
  {
    ...ruleBase,
    kind: Type.Literal('low-visibility'),
    raise: Type.Array(Type.Object({ below: Type.Number({ exclusiveMinimum: 0 }), severity: Severity }), {
      minItems: 1,
    }),
    clear: Type.Number({ exclusiveMinimum: 0 }),
  },
  { additionalProperties: false },
);
export type VisibilityRule = Static<typeof VisibilityRule>;

/** The tiers of the law are those of the wall (wall/SPEC.md §2). */
export const visibilityRule: VisibilityRule = {
  id: 'visibility',
  kind: 'low-visibility',
  enabled: true,
  hold: 10,
  raise: [
    { below: 200, severity: 'minor' },
    { below: 100, severity: 'major' },
    { below: 50, severity: 'critical' },
  ],
  clear: 250,
};

const law = '道路交通安全法实施条例 第81条';

/** What drivers owe on a motorway in such visibility: Road Traffic Safety Law, Implementing Regulations, art. 81. */
function legalReason(visibility: number): Reason | undefined {
  if (visibility < 50) return { text: '限速 20 km/h，从最近出口尽快驶离', limit: 20, unit: 'km/h', source: law };
  if (visibility < 100) return { text: '限速 40 km/h，车距 50 m 以上', limit: 40, unit: 'km/h', source: law };
  if (visibility < 200) return { text: '限速 60 km/h，车距 100 m 以上', limit: 60, unit: 'km/h', source: law };
  return undefined;
}

/** Undefined when the reading has no visibility. `source` names the sensor in the reasons. */
export function judgeVisibility(rule: VisibilityRule, values: Values, source: string): Judgement | undefined {
  const visibility = measured(values, 'visibility');
  if (visibility === undefined) return undefined;
  const tier = rule.raise.filter(({ below }) => visibility < below).toSorted((a, b) => a.below - b.below)[0];
  const verdict = tier?.severity ?? (visibility > rule.clear ? 'clear' : 'between');
  // Rounded down: 199.6 m is under the limit and must read so.
  const shown = Math.floor(visibility);
  const limit = tier?.below ?? rule.clear;
  const rest = tier ? `门限 ${limit} m` : `高于 ${limit} m 并保持 ${rule.hold} s 解除`;
  const measuredReason = { text: `能见度 ${shown} m，${rest}`, value: visibility, limit, unit: 'm', source };
  const legal = legalReason(visibility);
  return { verdict, title: `能见度 ${shown} m`, reasons: legal ? [measuredReason, legal] : [measuredReason] };
}
