import { type Static, Type } from 'typebox';
import { Severity } from '../alert.ts';
import { type Judgement, measured, type Values } from './judgement.ts';
import { ruleBase } from './rule-base.ts';

/** Metres a second: raised at or above a tier's limit, cleared under `clear`. */
export const StrongWindRule = Type.Object(
  {
    ...ruleBase,
    kind: Type.Literal('strong-wind'),
    raise: Type.Array(Type.Object({ from: Type.Number({ exclusiveMinimum: 0 }), severity: Severity }), { minItems: 1 }),
    clear: Type.Number({ exclusiveMinimum: 0 }),
  },
  { additionalProperties: false },
);
export type StrongWindRule = Static<typeof StrongWindRule>;

/** Beaufort 7, 8 and 10. */
export const strongWindRule: StrongWindRule = {
  id: 'strong-wind',
  kind: 'strong-wind',
  enabled: true,
  hold: 60,
  raise: [
    { from: 13.9, severity: 'minor' },
    { from: 17.2, severity: 'major' },
    { from: 24.5, severity: 'critical' },
  ],
  clear: 10.8,
};

/** Lower bounds of Beaufort 1 to 12 (GB/T 28591), m/s. */
const beaufort = [0.3, 1.6, 3.4, 5.5, 8, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7];

/** Undefined when the reading has no wind. */
export function judgeStrongWind(rule: StrongWindRule, values: Values, source: string): Judgement | undefined {
  const wind = measured(values, 'wind');
  if (wind === undefined) return undefined;
  const tier = rule.raise.filter(({ from }) => wind >= from).toSorted((a, b) => b.from - a.from)[0];
  const limit = tier?.from ?? rule.clear;
  const force = beaufort.filter((from) => wind >= from).length;
  const shown = wind.toFixed(1);
  const rest = tier ? `门限 ${limit} m/s` : `低于 ${limit} m/s 并保持 ${rule.hold} s 解除`;
  return {
    verdict: tier?.severity ?? (wind < rule.clear ? 'clear' : 'between'),
    title: `大风 ${shown} m/s`,
    reasons: [{ text: `风速 ${shown} m/s（${force} 级），${rest}`, value: wind, limit, unit: 'm/s', source }],
  };
}
