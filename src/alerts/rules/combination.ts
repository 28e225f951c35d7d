import { type Static, Type } from 'typebox';
import type { Reason } from '../../shared/reason.ts';
import { Severity } from '../alert.ts';
import type { Judgement } from './judgement.ts';
import { figure, measureWords } from './measure-words.ts';
import { measuredBase, raises, ruleBase } from './rule-base.ts';
import { limitOf } from './threshold.ts';

/** One of the two limits; on the sensor that reads, or on the one it names. */
export const Condition = Type.Object(
  {
    ...measuredBase,
    sensor: Type.Optional(Type.String({ minLength: 1 })),
    above: Type.Optional(Type.Number()),
    below: Type.Optional(Type.Number()),
    /** Where it is clear again; the limit when left out. */
    clear: Type.Optional(Type.Number()),
  },
  { additionalProperties: false },
);
export type Condition = Static<typeof Condition>;

/** Several conditions at once, as wet and cold: all of them or any of them. */
export const CombinationRule = Type.Object(
  {
    ...ruleBase,
    kind: Type.Literal('combination'),
    raises,
    title: Type.String({ minLength: 1, maxLength: 100 }),
    match: Type.Enum(['all', 'any'], { default: 'all' }),
    conditions: Type.Array(Condition, { minItems: 2, maxItems: 10 }),
    /** Seconds a value holds; an older one is not known any more. */
    within: Type.Number({ minimum: 1, maximum: 86_400, default: 600 }),
    severity: Severity,
  },
  { additionalProperties: false },
);
export type CombinationRule = Static<typeof CombinationRule>;

/** The newest of one measure of one sensor. */
export interface KnownValue {
  readonly value: number;
  readonly at: Date;
  readonly source: string;
}

export interface CombinationFacts {
  readonly at: Date;
  readonly newestOf: (condition: Condition) => KnownValue | undefined;
}

export interface CombinationJudgement extends Judgement {
  /** The first condition that is met. */
  readonly met?: Condition;
}

type Standing = 'met' | 'between' | 'clear' | 'unknown';

/** What is not known, or not any more, neither raises nor ends anything: undefined when it alone would decide. */
export function judgeCombination(
  rule: CombinationRule,
  { at, newestOf }: CombinationFacts,
): CombinationJudgement | undefined {
  const looks = rule.conditions.map((condition) => {
    const known = newestOf(condition);
    const fresh = known && Math.abs(at.getTime() - known.at.getTime()) <= rule.within * 1_000 ? known : undefined;
    return { condition, known: fresh, standing: fresh ? standingOf(condition, fresh.value) : ('unknown' as const) };
  });
  const together = combined(
    rule.match,
    looks.map(({ standing }) => standing),
  );
  if (together === 'unknown') return undefined;
  const first = looks.find(({ standing }) => standing === 'met')?.condition;
  return {
    verdict: together === 'met' ? rule.severity : together,
    title: rule.title,
    reasons: looks.flatMap(({ condition, known, standing }) => (known ? reasonOf(condition, known, standing) : [])),
    ...(first && { met: first }),
  };
}

function standingOf(condition: Condition, value: number): Standing {
  const { limit, sign } = limitOf(condition);
  if (sign * (value - limit) > 0) return 'met';
  return sign * (value - (condition.clear ?? limit)) <= 0 ? 'clear' : 'between';
}

/** The two are each other's mirror: one `decisive` condition is enough, else all must be the other. */
function combined(match: 'all' | 'any', standings: readonly Standing[]): Standing {
  const [decisive, other] = match === 'all' ? (['clear', 'met'] as const) : (['met', 'clear'] as const);
  if (standings.includes(decisive)) return decisive;
  if (standings.every((standing) => standing === other)) return other;
  return standings.includes('unknown') ? 'unknown' : 'between';
}

function reasonOf(condition: Condition, { value, source }: KnownValue, standing: Standing): Reason {
  const { name, unit } = measureWords(condition);
  const { limit, sign } = limitOf(condition);
  const asked = `${sign > 0 ? '高于' : '低于'} ${figure(limit, unit)}`;
  const text = `${name} ${figure(value, unit)}，条件 ${asked}${standing === 'met' ? '' : '（未达）'}`;
  return { text, value, limit, source, ...(unit && { unit }) };
}
