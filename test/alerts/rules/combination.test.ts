import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CombinationRule, judgeCombination } from '../../../src/alerts/rules/combination.ts';
import { SensorRules } from '../../../src/alerts/rules/sensor-rules.ts';
import { at, mistakesOf, placeOf, play, ruleOf } from './rule-play.ts';

const wetAndCold = {
  id: 'wet-cold',
  kind: 'combination',
  raises: 'ice',
  title: '路面湿冷，可能结冰',
  severity: 'major',
  hold: 0,
  conditions: [
    { measure: 'waterFilm', above: 0.1 },
    { measure: 'roadTemperature', below: 2, clear: 3 },
  ],
};
const either = { ...wetAndCold, match: 'any' };
const [wet, dry, cold, mild, warm] = [
  { waterFilm: 0.2 },
  { waterFilm: 0 },
  { roadTemperature: 1 },
  { roadTemperature: 2.5 },
  { roadTemperature: 5 },
];

test.each([
  ['both at once', wetAndCold, [{ ...wet, ...cold }], ['major']],
  ['one after the other', wetAndCold, [wet, cold], ['-', 'major']],
  ['one is not enough', wetAndCold, [{ ...wet, ...warm }], ['end']],
  ['one that is clear ends it', wetAndCold, [{ ...wet, ...cold }, dry, dry], ['major', 'end', '-']],
  ['within the hysteresis it stays', wetAndCold, [{ ...wet, ...cold }, mild, warm], ['major', 'major', 'end']],
  ['any of them', either, [cold], ['major']],
  ['any: what is unknown ends nothing', either, [cold, warm], ['major', '-']],
  ['any: all clear ends it', either, [cold, { ...warm, ...dry }], ['major', 'end']],
] as const)('%s', (...[, rule, readings, outcomes]) => {
  expect(
    play(
      rule,
      readings.map((values, n) => [n * 60, values] as const),
    ),
  ).toEqual(outcomes);
});

test('an old value is not known any more', () => {
  expect(
    play({ ...wetAndCold, within: 100 }, [
      [0, wet],
      [101, cold],
    ]),
  ).toEqual(['-', '-']);
  expect(
    play({ ...wetAndCold, within: 100 }, [
      [0, wet],
      [100, cold],
    ]),
  ).toEqual(['-', 'major']);
});

const named = {
  ...wetAndCold,
  conditions: [
    { sensor: 'film', measure: 'waterFilm', above: 0.1 },
    { sensor: 'mast', measure: 'roadTemperature', below: 2 },
  ],
};

test('of several named sensors, in any order of their clocks, one alert where the first condition is met', () => {
  const rules = new SensorRules([ruleOf(named)]);
  const place = (id: string, lat: number) => ({ ...placeOf(id), position: { lat, lon: 105 } });
  expect(rules.reading(place('mast', 27.2), { at: at(5), values: cold })).toEqual([]);
  const [outcome] = rules.reading(place('film', 27.1), { at: at(1), values: wet });
  expect(outcome).toMatchObject({
    observation: { key: 'wet-cold', kind: 'ice', sensor: 'film', position: { lat: 27.1 }, title: named.title },
  });
  expect(rules.reading(place('other', 27.3), { at: at(6), values: { ...wet, ...cold } })).toEqual([]);
  expect(rules.reading(place('mast', 27.2), { at: at(7), values: warm })).toEqual([
    { type: 'end', key: 'wet-cold', at: at(7) },
  ]);
});

test('conditions name a sensor in all or in none, and one side', () => {
  const [film, mast] = named.conditions;
  expect(mistakesOf({ ...named, conditions: [film, { measure: 'wind', above: 1 }] })).toEqual([
    'rules.0.conditions expected a sensor in every condition or in none',
  ]);
  expect(mistakesOf({ ...named, sensors: ['a'] })).toEqual([
    'rules.0.sensors expected none: the conditions name their sensors',
  ]);
  expect(mistakesOf({ ...named, conditions: [film, { ...mast, above: 3 }] })).toEqual([
    'rules.0.conditions.1 expected either above or below',
  ]);
});

test('property: all is met when each is, any when one is, and what is unknown never raises', () => {
  const values = fc.array(fc.option(fc.constantFrom('met', 'clear')), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(values, fc.constantFrom('all', 'any'), (wanted, match) => {
      const conditions = wanted.map((_, n) => ({ measure: `m${n}`, above: 0 }));
      const rule = ruleOf({ ...wetAndCold, match, conditions }) as CombinationRule;
      const newestOf = ({ measure }: { measure: string }) => {
        const is = wanted[Number(measure.slice(1))];
        return is ? { value: is === 'met' ? 1 : -1, at: at(0), source: 'a' } : undefined;
      };
      const verdict = judgeCombination(rule, { at: at(0), newestOf })?.verdict;
      const met = match === 'all' ? wanted.every((is) => is === 'met') : wanted.includes('met');
      const clear = match === 'all' ? wanted.includes('clear') : wanted.every((is) => is === 'clear');
      expect(verdict).toBe(met ? 'major' : clear ? 'clear' : undefined);
    }),
  );
});
