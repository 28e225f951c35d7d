import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeThreshold, type ThresholdRule } from '../../../src/alerts/rules/threshold.ts';
import { mistakesOf, play, ruleOf } from './rule-play.ts';

const rain = {
  id: 'rain',
  kind: 'threshold',
  measure: 'rain',
  raise: [
    { above: 10, severity: 'minor' },
    { above: 30, severity: 'major' },
  ],
  clear: 5,
  hold: 0,
};
const level = {
  id: 'battery',
  kind: 'threshold',
  measure: 'battery',
  raise: [{ below: 20, severity: 'info' }],
  hold: 0,
};

test.each([
  ['at the limit nothing', rain, [10], ['-']],
  ['each tier above its limit', rain, [10.1, 31, 12], ['minor', 'major', 'minor']],
  ['raised until it is clear', rain, [11, 7, 5.1, 5], ['minor', 'minor', 'minor', 'end']],
  ['between the limits nothing begins', rain, [5, 7, 9], ['end', '-', '-']],
  ['below works alike, and clears at the limit when nothing else is said', level, [19, 20, 21], ['info', 'end', '-']],
] as const)('%s', (...[, rule, values, outcomes]) => {
  expect(
    play(
      rule,
      values.map((value, n) => [n * 60, { [rule.measure]: value }] as const),
    ),
  ).toEqual(outcomes);
});

test('it is raised only once it has lasted', () => {
  const steps = [11, 12, 4, 11, 12, 13].map((value, n) => [n * 20, { rain: value }] as const);
  expect(play({ ...rain, for: 30 }, steps)).toEqual(['-', '-', 'end', '-', '-', 'minor']);
});

test('a seat reads the name, the value, the limit and the advice', () => {
  const rule = ruleOf({ ...rain, name: '小时雨强', advice: '巡查边坡' }) as ThresholdRule;
  expect(judgeThreshold(rule, { rain: 12.345 }, '站 a')).toMatchObject({
    verdict: 'minor',
    title: '小时雨强 12.35 mm/h',
    reasons: [{ text: '小时雨强 12.35 mm/h，门限 10 mm/h', value: 12.345, limit: 10, unit: 'mm/h', source: '站 a' }],
  });
  expect(judgeThreshold(rule, { rain: Number.NaN }, 'a')).toBeUndefined();
  expect(judgeThreshold(rule, { wind: 1 }, 'a')).toBeUndefined();
});

test('a tier says one side, all the same one, and it clears on the calm side', () => {
  expect(mistakesOf({ ...rain, raise: [{ severity: 'minor' }] })).toEqual([
    'rules.0.raise.0 expected either above or below',
  ]);
  expect(mistakesOf({ ...rain, raise: [...rain.raise, { below: 1, severity: 'info' }] })).toEqual([
    'rules.0.raise.2 expected above, as in the first tier',
  ]);
  expect(mistakesOf({ ...rain, clear: 11 })).toEqual([
    'rules.0.clear expected it to lie beyond every limit the rule raises at',
  ]);
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const severity = fc.constantFrom('info', 'minor', 'major', 'critical');

test('property: it raises exactly beyond its mildest limit, and never raises and clears at once', () => {
  const rules = fc.record({ limits: fc.array(finite, { minLength: 1, maxLength: 4 }), severity, gap: fc.nat(100) });
  fc.assert(
    fc.property(rules, finite, fc.boolean(), (rule, value, upward) => {
      const sign = upward ? 1 : -1;
      const mildest = sign * Math.min(...rule.limits.map((limit) => sign * limit));
      const tiers = rule.limits.map((limit) => ({ [upward ? 'above' : 'below']: limit, severity: rule.severity }));
      const made = ruleOf({ ...rain, raise: tiers, clear: mildest - sign * rule.gap }) as ThresholdRule;
      const verdict = judgeThreshold(made, { rain: value }, 'a')?.verdict;
      const beyond = sign * (value - mildest) > 0;
      expect(verdict === rule.severity).toBe(beyond);
      if (verdict === 'clear') expect(sign * (value - mildest)).toBeLessThanOrEqual(-rule.gap + 1e-6);
    }),
  );
});

test('property: with a hysteresis a value that stays within it makes at most one change', () => {
  const inside = fc.array(fc.double({ noNaN: true, min: 5.001, max: 10 }), { maxLength: 30 });
  fc.assert(
    fc.property(inside, fc.constantFrom(4, 11), (values, first) => {
      const steps = [first, ...values].map((value, n) => [n, { rain: value }] as const);
      expect(new Set(play(rain, steps).slice(1)).size).toBeLessThanOrEqual(1);
    }),
  );
});
