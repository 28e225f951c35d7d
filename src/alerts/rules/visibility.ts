import { type Static, Type } from 'typebox';
import type { Reason } from '../../shared/reason.ts';
import { Severity } from '../alert.ts';
import { type Judgement, measured, type Values } from './judgement.ts';
import { ruleBase } from './rule-base.ts';

/** Metres, the farthest tier first. Raised under a tier's limit, cleared above `clear`. */
export const VisibilityRule = Type.Object(
  {
    ...ruleBase,
    kind: Type.Literal('low-visibility'),
    raise: Type.Array(
      Type.Object({ below: Type.Number({ exclusiveMinimum: 0 }), severity: Severity }, { additionalProperties: false }),
      { minItems: 1 },
    ),
    clear: Type.Number({ exclusiveMinimum: 0 }),
  },
  { additionalProperties: false },
);
export type VisibilityRule = Static<typeof VisibilityRule>;

/** Where a warning begins (500 m) and the tiers of the law, which are those of the wall (wall/SPEC.md §2). */
export const visibilityRule: VisibilityRule = {
  id: 'visibility',
  kind: 'low-visibility',
  enabled: true,
  hold: 10,
  for: 0,
  raise: [
    { below: 500, severity: 'info' },
    { below: 200, severity: 'minor' },
    { below: 100, severity: 'major' },
    { below: 50, severity: 'critical' },
  ],
  clear: 550,
};

interface LegalTier {
  readonly below: number;
  readonly limit: number;
  readonly gap: string;
}

/** What drivers owe on a motorway in such visibility: Road Traffic Safety Law, Implementing Regulations, art. 81. */
const legalTiers: readonly LegalTier[] = [
  { below: 50, limit: 20, gap: '从最近出口尽快驶离' },
  { below: 100, limit: 40, gap: '车距 50 m 以上' },
  { below: 200, limit: 60, gap: '车距 100 m 以上' },
];

/** Fog warnings of the weather service by colour: its decree 16 of 2007, annex. */
const warningTiers = [
  { below: 50, colour: '红色' },
  { below: 200, colour: '橙色' },
  { below: 500, colour: '黄色' },
] as const;

const law = '道路交通安全法实施条例 第81条';
const decree = '气象灾害预警信号';

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
  const legal = legalTiers.find(({ below }) => visibility < below);
  return {
    verdict,
    title: legal ? `能见度 ${shown} m，限速 ${legal.limit} km/h` : `能见度 ${shown} m`,
    reasons: [measuredReason, ...adviceOf(visibility, legal)],
  };
}

function adviceOf(visibility: number, legal: LegalTier | undefined): Reason[] {
  const owed = legal && {
    text: `限速 ${legal.limit} km/h，${legal.gap}`,
    limit: legal.limit,
    unit: 'km/h',
    source: law,
  };
  const warning = warningTiers.find(({ below }) => visibility < below);
  const said = warning && {
    text: `达到大雾${warning.colour}预警标准（低于 ${warning.below} m）`,
    limit: warning.below,
    unit: 'm',
    source: decree,
  };
  return [...(owed ? [owed] : []), ...(said ? [said] : [])];
}
