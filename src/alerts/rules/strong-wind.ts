import { type Static, Type } from 'typebox';
import type { Reason } from '../../shared/reason.ts';
import { Severity } from '../alert.ts';
import { type Judgement, measured, type Values } from './judgement.ts';
import { ruleBase } from './rule-base.ts';

/** Metres a second: raised at or above a tier's limit, cleared under `clear`. */
export const StrongWindRule = Type.Object(
  {
    ...ruleBase,
    kind: Type.Literal('strong-wind'),
    raise: Type.Array(
      Type.Object({ from: Type.Number({ exclusiveMinimum: 0 }), severity: Severity }, { additionalProperties: false }),
      { minItems: 1 },
    ),
    clear: Type.Number({ exclusiveMinimum: 0 }),
    /** Degrees from north the road runs at: with it, only the part of the wind across the road counts. */
    bearing: Type.Optional(Type.Number({ minimum: 0, maximum: 360 })),
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
  for: 0,
  raise: [
    { from: 13.9, severity: 'minor' },
    { from: 17.2, severity: 'major' },
    { from: 24.5, severity: 'critical' },
  ],
  clear: 10.8,
};

/** Lower bounds of Beaufort 1 to 12 (GB/T 28591), m/s. */
const beaufort = [0.3, 1.6, 3.4, 5.5, 8, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7];

/** What helps in a side wind, by the force it begins at. */
const advices = [
  { from: 24.5, text: '建议封闭桥梁、高架和垭口路段' },
  { from: 17.2, text: '建议限速 60 km/h，厢式货车、双层客车绕行' },
  { from: 13.9, text: '提醒大型车、厢式货车减速，握稳方向' },
] as const;

/** Undefined when the reading has no wind. */
export function judgeStrongWind(rule: StrongWindRule, values: Values, source: string): Judgement | undefined {
  const blowing = measured(values, 'wind');
  if (blowing === undefined) return undefined;
  const across = acrossOf(rule, values);
  const wind = blowing * (across ?? 1);
  const tier = rule.raise.filter(({ from }) => wind >= from).toSorted((a, b) => b.from - a.from)[0];
  const limit = tier?.from ?? rule.clear;
  const force = beaufort.filter((from) => wind >= from).length;
  const shown = wind.toFixed(1);
  const rest = tier ? `门限 ${limit} m/s` : `低于 ${limit} m/s 并保持 ${rule.hold} s 解除`;
  const [title, what] = across === undefined ? ['大风', '风速'] : ['横风', '横向风速'];
  const text = `${what} ${shown} m/s（${force} 级），${rest}`;
  return {
    verdict: tier?.severity ?? (wind < rule.clear ? 'clear' : 'between'),
    title: `${title} ${shown} m/s`,
    reasons: [
      { text, value: wind, limit, unit: 'm/s', source },
      ...(tier ? adviceOf(wind, measured(values, 'gust'), source) : []),
    ],
  };
}

/** The share of the wind that pushes sideways; undefined when the road or the direction is not known. */
function acrossOf({ bearing }: StrongWindRule, values: Values): number | undefined {
  const from = measured(values, 'windDirection');
  if (bearing === undefined || from === undefined) return undefined;
  return Math.abs(Math.sin(((from - bearing) * Math.PI) / 180));
}

function adviceOf(wind: number, gust: number | undefined, source: string): Reason[] {
  const advice = advices.find(({ from }) => wind >= from);
  return [
    ...(gust === undefined ? [] : [{ text: `阵风 ${gust.toFixed(1)} m/s`, value: gust, unit: 'm/s', source }]),
    ...(advice ? [{ text: advice.text, source: '横风处置建议' }] : []),
  ];
}
