import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtInRules } from '../../../src/alerts/config.ts';
import { RuleIndex } from '../../../src/alerts/rules/rule-index.ts';
import { SensorRules } from '../../../src/alerts/rules/sensor-rules.ts';
import { at, mistakesOf, placeOf, ruleOf, told } from './rule-play.ts';

const rain = { id: 'rain', kind: 'threshold', measure: 'rain', raise: [{ above: 10, severity: 'minor' }], hold: 0 };
const heavy = { at: at(0), values: { rain: 20 } };

test('a mistake is told of the kind that is meant, key by key', () => {
  expect(mistakesOf({ ...rain, limit: 3 }, { id: 'q', kind: 'no-data', severity: 'minor' })).toEqual([
    expect.stringMatching(/^rules\.0\.limit unknown key; expected one of: id, .*measure/),
    'rules.1.after missing; expected a number from 10 to 604800',
  ]);
  expect(mistakesOf({ ...rain, raise: [{ above: 'much', severity: 'minor' }] })).toEqual([
    'rules.0.raise.0.above expected a number',
  ]);
  expect(mistakesOf({ id: 'x', kind: 'fog' })).toEqual([expect.stringMatching(/^rules\.0 expected a rule of kind/)]);
});

test('rules of named sensors are asked for those alone', () => {
  const index = new RuleIndex([
    ruleOf(rain),
    ruleOf({ ...rain, id: 'bridge', sensors: ['a', 'b'] }),
    ruleOf({
      id: 'both',
      kind: 'combination',
      title: 't',
      severity: 'info',
      conditions: [
        { sensor: 'b', measure: 'x', above: 1 },
        { sensor: 'c', measure: 'x', above: 1 },
      ],
    }),
  ]);
  const idsOf = (sensor: string) => index.of(sensor).map(({ id }) => id);
  expect(['a', 'b', 'c', 'd'].map(idsOf)).toEqual([
    ['rain', 'bridge'],
    ['rain', 'bridge', 'both'],
    ['rain', 'both'],
    ['rain'],
  ]);
});

test('a change keeps where the rules that stay stand, and ends what the others had raised', () => {
  const lasting = { ...rain, id: 'lasting', for: 30 };
  const rules = new SensorRules([ruleOf(rain), ruleOf(lasting)]);
  expect(rules.reading(placeOf('a'), heavy).map(told)).toEqual(['minor']);
  expect(rules.configure([ruleOf({ ...lasting, for: 20 })])).toEqual([{ type: 'end', key: 'rain:a', at: at(0) }]);
  expect(rules.reading(placeOf('a'), { ...heavy, at: at(20) }).map(told)).toEqual(['minor']);
  expect(rules.configure([ruleOf({ ...lasting, sensors: ['b'] })])).toMatchObject([{ type: 'end', key: 'lasting:a' }]);
  expect(rules.reading(placeOf('a'), { ...heavy, at: at(30) })).toEqual([]);
});

test('property: however readings come, an alert is begun and ended in turn', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: 0, max: 700 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const rules = new SensorRules(builtInRules);
      let [seconds, open] = [0, true];
      for (const [step, visibility] of all) {
        seconds += step;
        for (const outcome of rules.reading(placeOf('a'), { at: at(seconds), values: { visibility } })) {
          if (outcome.type === 'end') expect(open).toBe(true);
          open = outcome.type === 'observe';
        }
      }
    }),
  );
});

test('property: rules of some sensors say the same as if each were asked', () => {
  const ids = ['a', 'b', 'c'];
  const rule = fc.record({
    sensors: fc.option(fc.subarray(ids, { minLength: 1 }), { nil: undefined }),
    limit: fc.nat(50),
  });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), fc.constantFrom(...ids), fc.nat(60), (made, sensor, value) => {
      const all = made.map(({ sensors, limit }, n) =>
        ruleOf({ ...rain, id: `r${n}`, raise: [{ above: limit, severity: 'info' }], ...(sensors && { sensors }) }),
      );
      const rules = new SensorRules(all);
      const keys = rules
        .reading(placeOf(sensor), { at: at(0), values: { rain: value } })
        .flatMap((outcome) => (outcome.type === 'observe' ? outcome.observation.key : []));
      const expected = made.flatMap(({ sensors, limit }, n) =>
        value > limit && (sensors?.includes(sensor) ?? true) ? [`r${n}:${sensor}`] : [],
      );
      expect(keys.toSorted()).toEqual(expected.toSorted());
    }),
  );
});
