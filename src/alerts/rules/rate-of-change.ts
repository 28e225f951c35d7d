import { type Static, Type } from 'typebox';
import { Severity } from '../alert.ts';
import type { Judgement } from './judgement.ts';
import { figure, measureWords } from './measure-words.ts';
import { measuredBase, raises, ruleBase } from './rule-base.ts';

const Tier = Type.Object(
  {
    rises: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    falls: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    severity: Severity,
  },
  { additionalProperties: false },
);

/** How fast a measure changes, in its unit a minute, over the last `window` seconds. */
export const RateRule = Type.Object(
  {
    ...ruleBase,
    ...measuredBase,
    kind: Type.Literal('rate'),
    raises,
    window: Type.Number({ minimum: 10, maximum: 86_400 }),
    raise: Type.Array(Tier, { minItems: 1, maxItems: 10 }),
    /** The speed under which it is calm again; the mildest limit when left out. */
    clear: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  },
  { additionalProperties: false },
);
export type RateRule = Static<typeof RateRule>;

export interface Sample {
  readonly at: Date;
  readonly value: number;
}

/** More than this says nothing more about the slope. */
const mostSamples = 120;

/** The window with one more sample; those that have left it are gone, and they never lie closer than it needs. */
export function withSample(samples: readonly Sample[], sample: Sample, windowMs: number): readonly Sample[] {
  const from = sample.at.getTime() - windowMs;
  const inside = samples.filter(({ at }) => at.getTime() >= from && at < sample.at);
  const before = inside.at(-2);
  // The newest always counts; the one before it goes when it is no step away from its own predecessor.
  const tooClose = before && (inside.at(-1)?.at.getTime() ?? 0) - before.at.getTime() < windowMs / mostSamples;
  return [...(tooClose ? inside.slice(0, -1) : inside), sample];
}

/** The slope in units a minute by least squares; undefined while the samples cover less than half of the window. */
export function slopePerMinute(samples: readonly Sample[], windowMs: number): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at.getTime() - first.at.getTime() < windowMs / 2) return undefined;
  const points = samples.map(({ at, value }) => [(at.getTime() - first.at.getTime()) / 60_000, value] as const);
  const mean = (pick: 0 | 1) => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
  const [middle, level] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  return spread === 0 ? undefined : points.reduce((sum, [x, y]) => sum + (x - middle) * (y - level), 0) / spread;
}

/** Undefined while the window is too short to say. */
export function judgeRate(rule: RateRule, samples: readonly Sample[], source: string): Judgement | undefined {
  const slope = slopePerMinute(samples, rule.window * 1_000);
  const value = samples.at(-1)?.value;
  if (slope === undefined || value === undefined) return undefined;
  const rising = rule.raise.every(({ rises }) => rises !== undefined);
  const speed = rising ? slope : -slope;
  const limits = rule.raise.map(({ rises, falls, severity }) => ({ limit: rises ?? falls ?? 0, severity }));
  const [mildest, ...others] = limits.toSorted((a, b) => a.limit - b.limit);
  if (!mildest) return undefined;
  const tier = [mildest, ...others].findLast(({ limit }) => speed >= limit);
  const clear = Math.min(rule.clear ?? mildest.limit, mildest.limit);
  const { name, unit } = measureWords(rule);
  const title = `${name}${slope >= 0 ? '上升' : '下降'} ${figure(Math.abs(slope), `${unit}/min`)}`;
  const limit = tier?.limit ?? clear;
  const rest = tier ? `门限 ${figure(limit, `${unit}/min`)}` : `低于 ${figure(clear, `${unit}/min`)} 解除`;
  const reason = { text: `${title}，${rest}`, value: slope, limit, unit: `${unit}/min`, source };
  const now = { text: `近 ${rule.window} s，现为 ${figure(value, unit)}`, value, unit, source };
  return { verdict: tier?.severity ?? (speed < clear ? 'clear' : 'between'), title, reasons: [reason, now] };
}
