import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SensorRules } from '../../../src/alerts/rules/sensor-rules.ts';
import { SilenceWatch } from '../../../src/alerts/rules/silence-watch.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { at, placeOf, ruleOf, told } from './rule-play.ts';

const quiet = { id: 'quiet', kind: 'no-data', after: 300, severity: 'minor', hold: 0 };
const sensors = { ids: ['a'], placeOf };

/** What each look at the clock tells, with readings at some seconds. */
function looks(rule: object, readings: readonly number[], ticks: readonly number[]): string[] {
  const rules = new SensorRules([ruleOf(rule)]);
  const moments = [...readings.map((s) => [s, 'reading'] as const), ...ticks.map((s) => [s, 'tick'] as const)];
  return moments
    .toSorted(([a], [b]) => a - b)
    .flatMap(([seconds, what]) => {
      if (what === 'tick') return [rules.tick(sensors, at(seconds)).map(told).join() || '-'];
      rules.reading(placeOf('a'), { at: at(seconds), values: { wind: 1 } });
      return [];
    });
}

test.each([
  ['a sensor that speaks raises nothing', quiet, [0, 200, 400], [100, 300, 500], ['end', '-', '-']],
  ['silence is raised without a reading', quiet, [0], [299, 300], ['end', 'minor']],
  ['one that never spoke counts from when it is first known of', quiet, [], [0, 299, 300], ['end', '-', 'minor']],
  ['lasting silence is told again every ten minutes', quiet, [0], [300, 305, 899, 900], ['minor', '-', '-', 'minor']],
  ['it ends when the sensor speaks', quiet, [0, 400], [300, 401, 402], ['minor', 'end', '-']],
  ['of one measure while others come', { ...quiet, measure: 'rain' }, [0, 200, 400], [0, 310], ['end', 'minor']],
] as const)('%s', (...[, rule, readings, ticks, outcomes]) => {
  expect(looks(rule, readings, ticks)).toEqual(outcomes);
});

test('the alert is of the sensor, says since when, and is none without a place', () => {
  const rules = new SensorRules([ruleOf(quiet)]);
  rules.reading(placeOf('a'), { at: at(0), values: { wind: 1 } });
  const [outcome] = rules.tick(sensors, at(400));
  expect(outcome).toMatchObject({
    observation: {
      kind: 'sensor-fault',
      key: 'quiet:a',
      sensor: 'a',
      title: '传感器无数据超过 5 min ',
      reasons: [{ text: '6 min 无数据，门限 5 min ', value: 400, limit: 300, unit: 's', source: '站 a' }],
    },
  });
  const nowhere = { ids: ['b'], placeOf: () => undefined };
  rules.tick(nowhere, at(0));
  expect(rules.tick(nowhere, at(1_000))).toEqual([]);
});

test('a clock that is wrong is not silence', () => {
  const rules = new SensorRules([ruleOf(quiet)]);
  rules.reading(placeOf('a'), { at: at(0), receivedAt: at(1_000), values: { wind: 1 } });
  expect(rules.tick(sensors, at(1_010)).map(told)).toEqual(['end']);
});

test('property: it is silent exactly when nothing came for so long', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3_000), { minLength: 1, maxLength: 20 }), fc.nat(4_000), (readings, now) => {
      const rules = new SensorRules([ruleOf(quiet)]);
      const before = readings.filter((seconds) => seconds <= now);
      for (const seconds of before) rules.reading(placeOf('a'), { at: at(seconds), values: { wind: 1 } });
      const silent = before.length > 0 && now - Math.max(...before) >= 300;
      expect(rules.tick(sensors, at(now)).map(told)).toEqual([silent ? 'minor' : 'end']);
    }),
  );
});

test('the watch looks by itself, and not after it is closed', async () => {
  const rules = new SensorRules([ruleOf({ ...quiet, after: 10 })]);
  rules.reading(placeOf('a'), { at: at(0), values: { wind: 1 } });
  const first = Promise.withResolvers<string[]>();
  const tell = async (outcomes: readonly Parameters<typeof told>[0][]) => first.resolve(outcomes.map(told));
  await using watch = new SilenceWatch({
    rules,
    sensors: () => sensors,
    tell,
    isHearing: () => true,
    log: silentLog,
    everyMs: 5,
  });
  watch.start();
  expect(await first.promise).toEqual(['minor']);
  await watch.close();
});

test('while nobody could be heard nothing is held against anybody, and what was silent before still is', () => {
  const rules = new SensorRules([ruleOf(quiet)]);
  const two = { ids: ['a', 'b'], placeOf };
  const tick = (seconds: number) => rules.tick(two, at(seconds)).map(told);
  rules.reading(placeOf('a'), { at: at(0), values: { wind: 1 } });
  rules.reading(placeOf('b'), { at: at(250), values: { wind: 1 } });
  expect(tick(300)).toEqual(['minor', 'end']);
  rules.deaf(at(2_000));
  expect(tick(2_001)).toEqual(['minor']);
  expect(tick(2_299)).toEqual([]);
  expect(tick(2_300)).toEqual(['minor']);
});

test('the watch tells nothing while its ear is shut', async () => {
  const rules = new SensorRules([ruleOf({ ...quiet, after: 10 })]);
  rules.reading(placeOf('a'), { at: at(0), values: { wind: 1 } });
  const told: unknown[] = [];
  const asked = Promise.withResolvers<void>();
  await using watch = new SilenceWatch({
    rules,
    sensors: () => sensors,
    tell: async (outcomes) => void told.push(outcomes),
    isHearing: () => {
      asked.resolve();
      return false;
    },
    log: silentLog,
    everyMs: 5,
  });
  watch.start();
  await asked.promise;
  await watch.close();
  expect(told).toEqual([]);
});

test('when all fall silent there is one alert of all, and then each has its time anew', () => {
  const rules = new SensorRules([ruleOf(quiet)]);
  const ids = ['a', 'b', 'c', 'd'];
  const speak = (seconds: number, ...who: readonly string[]) => {
    for (const id of who) rules.reading(placeOf(id), { at: at(seconds), values: { wind: 1 } });
  };
  const tick = (seconds: number) =>
    rules
      .tick({ ids, placeOf }, at(seconds))
      .map((one) => `${told(one)} ${one.type === 'end' ? one.key : one.observation.key}`);
  speak(0, 'a', 'b', 'c', 'd');
  speak(20, 'd');
  expect(tick(21)).toHaveLength(5);
  expect(tick(310)).toEqual([]);
  expect(tick(320)).toEqual(['minor quiet']);
  expect(tick(600)).toEqual([]);
  speak(700, 'a', 'b');
  expect(tick(701)).toEqual(['end quiet']);
  expect(tick(899)).toEqual([]);
  speak(900, 'a', 'b');
  expect(tick(999)).toEqual(['minor quiet:c', 'minor quiet:d']);
});

test('one of many is silent alone, however seldom the others speak', () => {
  const rules = new SensorRules([ruleOf({ ...quiet, after: 3_600 })]);
  const ids = ['a', 'b', 'c'];
  const speaking = new Map([
    [0, ids],
    [3_000, ['a', 'b']],
    [6_000, ['a', 'b']],
  ]);
  const silent = [0, 1_800, 3_000, 3_600, 5_400, 6_000, 8_400].flatMap((seconds) => {
    for (const id of speaking.get(seconds) ?? []) rules.reading(placeOf(id), { at: at(seconds), values: { wind: 1 } });
    return rules.tick({ ids, placeOf }, at(seconds)).flatMap((one) => (one.type === 'end' ? [] : one.observation.key));
  });
  expect(new Set(silent)).toEqual(new Set(['quiet:c']));
});
