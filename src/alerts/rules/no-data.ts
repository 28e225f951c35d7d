import { type Static, Type } from 'typebox';
import { Severity } from '../alert.ts';
import type { Judgement } from './judgement.ts';
import { ruleBase } from './rule-base.ts';

/** A sensor that has said nothing for `after` seconds, of one measure or of any. */
export const NoDataRule = Type.Object(
  {
    ...ruleBase,
    kind: Type.Literal('no-data'),
    after: Type.Number({ minimum: 10, maximum: 604_800 }),
    measure: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    severity: Severity,
  },
  { additionalProperties: false },
);
export type NoDataRule = Static<typeof NoDataRule>;

/** `silentMs` since it was last heard, by our own clock. */
export function judgeSilence(rule: NoDataRule, silentMs: number, source: string): Judgement {
  const silent = silentMs >= rule.after * 1_000;
  const seconds = Math.floor(silentMs / 1_000);
  const what = rule.measure === undefined ? '无数据' : `无 ${rule.measure} 数据`;
  const text = `${durationText(seconds)}${what}，门限 ${durationText(rule.after)}`;
  return {
    verdict: silent ? rule.severity : 'clear',
    // Without the age: it would be another title at every look.
    title: `传感器${what}超过 ${durationText(rule.after)}`,
    reasons: [{ text, value: seconds, limit: rule.after, unit: 's', source }],
  };
}

/** No sensor at all has spoken for `silentMs`. */
export function judgeSilenceOfAll(rule: NoDataRule, silentMs: number, sensors: number): Judgement {
  const seconds = Math.floor(silentMs / 1_000);
  const text = `${durationText(seconds)}无任何数据，请检查网络与转发，门限 ${durationText(rule.after)}`;
  return {
    verdict: silentMs >= rule.after * 1_000 ? rule.severity : 'clear',
    title: `全部 ${sensors} 个传感器无数据超过 ${durationText(rule.after)}`,
    reasons: [{ text, value: seconds, limit: rule.after, unit: 's' }],
  };
}

function durationText(seconds: number): string {
  if (seconds < 120) return `${seconds} s `;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min ` : `${Math.floor(seconds / 3_600)} h `;
}
