import fc from 'fast-check';
import { expect, test } from 'vitest';
import { severities } from '../../src/alerts/alert.ts';
import { builtInRules, RulesConfig, ruleIssues, sensorRulesOf } from '../../src/alerts/config.ts';
import { iceRule, judgeIce } from '../../src/alerts/rules/ice.ts';
import { nextRuleState, type RuleState } from '../../src/alerts/rules/rule-state.ts';
import { type RuleOutcome, SensorRules } from '../../src/alerts/rules/sensor-rules.ts';
import { sosObservation } from '../../src/alerts/rules/sos.ts';
import { judgeStrongWind, strongWindRule } from '../../src/alerts/rules/strong-wind.ts';
import { judgeVisibility, visibilityRule } from '../../src/alerts/rules/visibility.ts';
import { checkValue } from '../../src/shared/check-value.ts';

const place = { id: 'ws06', name: '气象站 6', position: { lat: 27.3, lon: 105.29 }, area: 'north', stake: 'K1432+900' };
const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n));

/** Feeds one value a step, five seconds apart, and tells the outcomes in short. */
function play(measure: string, values: readonly number[], also: Record<string, number> = {}): string[] {
  const rules = new SensorRules(builtInRules);
  const told = (outcome: RuleOutcome) => (outcome.type === 'end' ? 'end' : outcome.observation.severity);
  return values.map((value, n) => {
    const outcomes = rules.reading(place, { at: at(n * 5), values: { ...also, [measure]: value } });
    return outcomes.map(told).join() || '-';
  });
}

test('fog is raised from 500 m down at the tier it is in, and ends above 550 m held 10 s', () => {
  expect(play('visibility', [499, 199, 99, 49, 520, 551, 560, 540, 551, 551, 551, 600])).toEqual([
    'info',
    'minor',
    'major',
    'critical',
    'critical',
    '-',
    '-',
    'critical',
    '-',
    '-',
    'end',
    '-',
  ]);
});

test('a reading at the very limit raises nothing', () => {
  expect(play('visibility', [500, 550, 500, 499.9])).toEqual(['-', '-', '-', 'info']);
});

test('after a start clear readings end what may be open from before, once, and an uncertain one raises nothing', () => {
  expect(play('visibility', [600, 520, 600, 600, 600, 600])).toEqual(['-', '-', '-', '-', 'end', '-']);
});

test.each([
  [600, '能见度 600 m', []],
  [400, '能见度 400 m', ['达到大雾黄色预警标准（低于 500 m）']],
  [199.9, '能见度 199 m，限速 60 km/h', ['限速 60 km/h，车距 100 m 以上', '达到大雾橙色预警标准（低于 200 m）']],
  [99, '能见度 99 m，限速 40 km/h', ['限速 40 km/h，车距 50 m 以上', '达到大雾橙色预警标准（低于 200 m）']],
  [49, '能见度 49 m，限速 20 km/h', ['限速 20 km/h，从最近出口尽快驶离', '达到大雾红色预警标准（低于 50 m）']],
] as const)('at %s m a seat reads what the law asks of drivers', (visibility, title, advice) => {
  const judged = judgeVisibility(visibilityRule, { visibility }, 'ws06');
  expect(judged?.title).toBe(title);
  expect(judged?.reasons.slice(1).map(({ text }) => text)).toEqual(advice);
});

test.each([
  ['calm', 12, undefined, []],
  ['force 7', 14, undefined, ['提醒大型车、厢式货车减速，握稳方向']],
  ['force 8', 18, undefined, ['建议限速 60 km/h，厢式货车、双层客车绕行']],
  ['force 10', 25, undefined, ['建议封闭桥梁、高架和垭口路段']],
  ['along the road', 25, 90, []],
  ['across the road', 25, 0, ['建议封闭桥梁、高架和垭口路段']],
] as const)('wind %s: %s m/s from %s', (...[, wind, from, advice]) => {
  const rule = { ...strongWindRule, ...(from !== undefined && { bearing: 270 }) };
  const values = { wind, ...(from !== undefined && { windDirection: from }) };
  const judged = judgeStrongWind(rule, values, 'ws06');
  expect(judged?.title.startsWith(from === undefined ? '大风' : '横风')).toBe(true);
  expect(judged?.reasons.slice(1).map(({ text }) => text)).toEqual(advice);
});

test('ice says how fast one may drive on it', () => {
  const judged = judgeIce(iceRule, { temperature: -1, humidity: 95 }, 'ws06');
  expect(judged?.reasons.at(-1)).toMatchObject({ limit: 30, unit: 'km/h', source: '道路交通安全法实施条例 第46条' });
});

test('the reasons of a fog alert carry value, limit, unit, source and what the law asks', () => {
  const [outcome] = new SensorRules(builtInRules).reading(place, { at: at(0), values: { visibility: 180.4 } });
  expect(outcome).toMatchObject({
    type: 'observe',
    observation: {
      key: 'visibility:ws06',
      kind: 'low-visibility',
      title: '能见度 180 m，限速 60 km/h',
      sensor: 'ws06',
      area: 'north',
      stake: 'K1432+900',
      position: { lat: 27.3, lon: 105.29, errorMeters: 10 },
      reasons: [
        { value: 180.4, limit: 200, unit: 'm', source: '气象站 6' },
        { text: '限速 60 km/h，车距 100 m 以上', limit: 60, unit: 'km/h', source: '道路交通安全法实施条例 第81条' },
        { limit: 200, unit: 'm', source: '气象灾害预警信号' },
      ],
    },
  });
});

test('ice needs cold and damp together', () => {
  expect(play('temperature', [0.5, 0.6, 1.6], { humidity: 95 })).toEqual(['major', 'major', '-']);
  expect(play('temperature', [-5, -5], { humidity: 70 })).toEqual(['-', '-']);
  expect(play('temperature', [-5])).toEqual(['-']);
});

test('wind is raised from force 7 up', () => {
  expect(play('wind', [13.8, 13.9, 17.2, 24.5, 12])).toEqual(['-', 'minor', 'major', 'critical', 'critical']);
});

test('a reading that is older, not a number or of another measure says nothing', () => {
  const rules = new SensorRules(builtInRules);
  rules.reading(place, { at: at(10), values: { visibility: 600 } });
  expect(rules.reading(place, { at: at(9), values: { visibility: 10 } })).toEqual([]);
  expect(rules.reading(place, { at: at(11), values: { visibility: Number.NaN } })).toEqual([]);
  expect(rules.reading(place, { at: at(12), values: { rain: 4 } })).toEqual([]);
  expect(rules.reading({ ...place, id: 'ws07' }, { at: at(1), values: { visibility: 10 } })).toHaveLength(1);
});

const unknown: RuleState = { phase: 'unknown' };
const raised: RuleState = { phase: 'raised', severity: 'major' };
const rising: RuleState = { phase: 'rising', since: at(0), from: { phase: 'clear' } };
const clearing: RuleState = { phase: 'clearing', since: at(0), from: raised };

test.each([
  ['raised at once', unknown, 'minor', 0, { state: { phase: 'raised', severity: 'minor' } }],
  ['kept raised between the limits', raised, 'between', 0, { state: raised, outcome: { type: 'observe' } }],
  ['raised again while clearing', clearing, 'between', 5, { state: raised, outcome: { type: 'observe' } }],
  ['not ended before the hold', clearing, 'clear', 9, { state: clearing }],
  ['ended after the hold', clearing, 'clear', 10, { state: { phase: 'clear' }, outcome: { type: 'end' } }],
  ['not raised before it has lasted', { phase: 'clear' }, 'minor', 0, { state: { phase: 'rising' } }, 5_000],
  ['raised once it has lasted', rising, 'major', 5, { state: { phase: 'raised', severity: 'major' } }, 5_000],
  ['back where it was when it did not last', rising, 'between', 4, { state: { phase: 'clear' } }, 5_000],
  ['clear again without an end', rising, 'clear', 4, { state: { phase: 'clear' } }, 5_000],
  ['not raised between the limits', { phase: 'clear' }, 'between', 5, { state: { phase: 'clear' } }],
] as const)('a rule is %s', (...[, from, verdict, seconds, to, forMs = 0]) => {
  expect(nextRuleState(from, { verdict, at: at(seconds), holdMs: 10_000, forMs })).toMatchObject(to);
});

test('a rule of the file replaces the built-in one of its id, or switches it off', () => {
  const file = {
    rules: [
      { id: 'visibility', kind: 'low-visibility', raise: [{ below: 500, severity: 'info' }], clear: 600 },
      {
        id: 'ice',
        kind: 'ice',
        enabled: false,
        raise: { temperature: 0, humidity: 90 },
        clear: { temperature: 2, humidity: 80 },
        severity: 'minor',
      },
      { id: 'bridge-wind', kind: 'strong-wind', sensors: ['ws09'], raise: [{ from: 10, severity: 'minor' }], clear: 8 },
    ],
  };
  const checked = checkValue(RulesConfig, file);
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  const rules = sensorRulesOf(checked.value);
  expect(rules.map(({ id }) => id)).toEqual(['visibility', 'strong-wind', 'bridge-wind']);
  expect(rules[0]).toMatchObject({ raise: [{ below: 500 }], hold: 10, enabled: true });
  expect(checkValue(RulesConfig, { rules: [{ id: 'x', kind: 'fog' }] }).ok).toBe(false);
  expect(checkValue(RulesConfig, {})).toEqual({ ok: true, value: { rules: [] } });
});

const center = { lat: 27, lon: 105 };

test('an SOS is critical wherever its position comes from', () => {
  const call = { key: 'm1', device: 'xun7', at: at(60), text: '车辆起火' };
  const last = { position: { lat: 27.31, lon: 105.3, errorMeters: 5 }, at: at(50) };
  const own = sosObservation({ ...call, point: { lat: 27.3, lon: 105.29 } }, { name: '巡7', center, last });
  expect(own).toMatchObject({ key: 'sos:m1', severity: 'critical', title: '巡7 求助', unit: 'xun7' });
  expect(own.position).toEqual({ lat: 27.3, lon: 105.29, errorMeters: 30 });
  expect(own.reasons.map(({ text }) => text)).toContain('车辆起火');
  expect(sosObservation(call, { center, last }).position).toEqual({ lat: 27.31, lon: 105.3, errorMeters: 5 + 330 });
  expect(sosObservation(call, { center })).toMatchObject({
    title: 'xun7 求助',
    position: { ...center, errorMeters: 20_000 },
  });
});

test('rules that share an id, or clear where they raise, are refused by name', () => {
  const fog = { id: 'fog', kind: 'low-visibility', raise: [{ below: 200, severity: 'minor' }], clear: 100 };
  const wind = { id: 'fog', kind: 'strong-wind', raise: [{ from: 10, severity: 'minor' }], clear: 8 };
  const checked = checkValue(RulesConfig, { rules: [fog, wind] });
  expect(checked.ok && ruleIssues(checked.value).map(({ path }) => path.join('.'))).toEqual([
    'rules.0.clear',
    'rules.1.id',
  ]);
  expect(ruleIssues({ rules: [...builtInRules] })).toEqual([]);
});

test('rules that are changed while they run go on from where they stand', () => {
  const rules = new SensorRules(builtInRules);
  const told = (seconds: number, visibility: number) =>
    rules.reading(place, { at: at(seconds), values: { visibility } }).map(({ type }) => type);
  expect(told(0, 99)).toEqual(['observe']);
  rules.configure(builtInRules.map((rule) => (rule.kind === 'low-visibility' ? { ...rule, hold: 0 } : rule)));
  expect(told(1, 600)).toEqual(['end']);
  rules.configure([]);
  expect(told(2, 10)).toEqual([]);
});

const rank = (verdict: string | undefined) => ['clear', 'between', ...severities].indexOf(verdict ?? '');
const amount = (min: number, max: number) => fc.double({ min, max, noNaN: true });

test('property: less visibility, more wind and more cold or damp are never judged milder', () => {
  const pairs = fc
    .tuple(amount(0, 1), amount(0, 1))
    .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);
  const fog = (share: number) => judgeVisibility(visibilityRule, { visibility: (1 - share) * 1_000 }, 'a');
  const wind = (share: number) => judgeStrongWind(strongWindRule, { wind: share * 40 }, 'a');
  const cold = (share: number) => judgeIce(iceRule, { temperature: 10 - share * 20, humidity: 95 }, 'a');
  const damp = (share: number) => judgeIce(iceRule, { temperature: -1, humidity: share * 100 }, 'a');
  fc.assert(
    fc.property(pairs, fc.constantFrom(fog, wind, cold, damp), ([milder, worse], judge) => {
      expect(rank(judge(worse)?.verdict)).toBeGreaterThanOrEqual(rank(judge(milder)?.verdict));
    }),
  );
});

test('property: wind across a road is never more than the wind, and from ahead or behind it is nothing', () => {
  fc.assert(
    fc.property(amount(0, 60), amount(0, 360), amount(0, 360), (wind, windDirection, bearing) => {
      const across = (from: number) =>
        judgeStrongWind({ ...strongWindRule, bearing }, { wind, windDirection: from }, 'a')?.reasons[0]?.value ?? NaN;
      expect(across(windDirection)).toBeLessThanOrEqual(wind);
      expect(across(bearing)).toBeCloseTo(0, 6);
      expect(across(bearing + 180)).toBeCloseTo(0, 6);
      expect(across(bearing + 90)).toBeCloseTo(wind, 6);
    }),
  );
});
