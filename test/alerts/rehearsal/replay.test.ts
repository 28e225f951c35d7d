import { expect, test } from 'vitest';
import { sensorRulesOf } from '../../../src/alerts/config.ts';
import type { WatchedCamera } from '../../../src/alerts/detection/watched-camera.ts';
import type { Zone } from '../../../src/alerts/detection/zone.ts';
import { Rehearsal } from '../../../src/alerts/rehearsal/rehearsal.ts';
import type { SeenBox, Trace } from '../../../src/alerts/traces/trace.ts';
import { ruleOf } from '../rules/rule-play.ts';

const from = Date.parse('2026-11-26T08:00:00.000Z');
const at = (seconds: number) => new Date(from + seconds * 1_000).toISOString();
const whole: Zone['polygon'] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/** Somebody stands there between two seconds; looked at twice a second. */
function seen(begin: number, end: number, { score = 0.6, until = 40, startsAt = 0 } = {}): Trace {
  const looks = Array.from({ length: until * 2 + 1 }, (_, index) => {
    const here = index / 2 >= begin && index / 2 <= end;
    const person: SeenBox = ['person', score, 0.5, 0.4, 0.05, 0.25];
    return { ms: index * 500, seen: here ? [person] : [] };
  });
  return { type: 'camera', camera: 'a', from: at(startsAt), aspect: 16 / 9, leastScore: 0.2, looks };
}

function camera(zone: Partial<Zone>): WatchedCamera {
  const zones = [{ id: 'z', polygon: whole, ...zone }];
  return { id: 'a', position: { lat: 27.3, lon: 105.29 }, detect: { zones } };
}

const rehearsed = (zone: Partial<Zone> = {}, minScore = 0.4) =>
  new Rehearsal({ cameras: [camera(zone)], watch: { minScore }, sensors: sensorRulesOf({ rules: [] }) });
const raised = { key: 'person:a:z', at: at(13) };

test.each<[string, Partial<Zone>, number, object]>([
  ['as it was raises it when it was', {}, 0.4, { type: 'raised', at: new Date(at(13)) }],
  ['that is quicker raises it before', { dwell: 1 }, 0.4, { type: 'raised', at: new Date(at(11)) }],
  ['that is slower raises it later', { dwell: 8 }, 0.4, { type: 'raised', at: new Date(at(18)) }],
  ['that asks for longer than it went on is silent', { dwell: 12 }, 0.4, { type: 'silent' }],
  ['that asks for more than was seen is silent', {}, 0.7, { type: 'silent' }],
  ['of taller things is silent', { minSize: 0.3 }, 0.4, { type: 'silent' }],
  ['not in force then is silent', { schedule: { hours: ['20:00-21:00'] } }, 0.4, { type: 'silent' }],
  ['that is gone is silent and says so', { id: 'other' }, 0.4, { type: 'silent', because: 'no such rule any more' }],
])('a rule %s', (...[, zone, minScore, outcome]) => {
  expect(rehearsed(zone, minScore).play({ ...raised, trace: seen(10, 20) })).toEqual(outcome);
});

test('a trace that is shorter than the dwell says nothing', () => {
  const outcome = rehearsed({ dwell: 100 }).play({ ...raised, trace: seen(10, 40) });
  expect(outcome).toEqual({ type: 'unknown', because: 'the trace is shorter than the dwell' });
});

test('a score under what the detector wrote down says nothing of silence, and of an alert all', () => {
  expect(rehearsed({ dwell: 12 }, 0.3).play({ ...raised, trace: seen(10, 20) }).type).toBe('unknown');
  expect(rehearsed({}, 0.3).play({ ...raised, trace: seen(10, 20) }).type).toBe('raised');
});

test('what the camera saw before is another event', () => {
  expect(rehearsed().play({ key: 'person:a:z', at: at(35), trace: seen(2, 8) })).toEqual({ type: 'silent' });
});

test('a cooldown holds from one alert to the next', () => {
  const patient = rehearsed({ cooldown: 60 });
  const second = { key: 'person:a:z', at: at(63), trace: seen(10, 20, { startsAt: 50 }) };
  expect([patient.play({ ...raised, trace: seen(10, 20) }).type, patient.play(second).type]).toEqual([
    'raised',
    'silent',
  ]);
  expect(rehearsed({ cooldown: 30 }).play(second).type).toBe('raised');
});

const visibility = { id: 'visibility', kind: 'low-visibility', clear: 250, raise: [{ below: 200, severity: 'minor' }] };
const fogAt = { key: 'visibility:ws06', at: at(60) };

/** A reading in ten seconds for two minutes; the fog of half a minute begins after one. */
const fog: Trace = {
  type: 'sensor',
  sensor: 'ws06',
  from: at(0),
  to: at(120),
  series: [
    {
      sensor: 'ws06',
      measure: 'visibility',
      points: Array.from({ length: 12 }, (_, index) => [index * 10_000, index >= 6 && index < 9 ? 180 : 900]),
    },
  ],
};

test.each<[string, object[], string]>([
  ['as it was raises it', [visibility], 'raised'],
  ['of a lower limit is silent', [{ ...visibility, raise: [{ below: 150, severity: 'minor' }] }], 'silent'],
  ['that waits for a minute is silent', [{ ...visibility, for: 60 }], 'silent'],
  ['that waits for twenty seconds raises it', [{ ...visibility, for: 20 }], 'raised'],
  ['of other sensors is silent', [{ ...visibility, sensors: ['ws07'] }], 'silent'],
  ['switched off is silent', [{ ...visibility, enabled: false }], 'silent'],
  ['that waits for longer than was kept says nothing', [{ ...visibility, for: 3_600 }], 'unknown'],
])('a rule on a sensor %s', (_, rules, type) => {
  const sensors = sensorRulesOf({ rules: rules.map((rule) => ruleOf(rule)) });
  expect(new Rehearsal({ cameras: [], watch: {}, sensors }).play({ ...fogAt, trace: fog }).type).toBe(type);
});

test.each([
  [60, 'raised'],
  [30, 'raised'],
  [90, 'unknown'],
])('silence of a minute under a rule of %d s is %s', (after, type) => {
  const silence = { ...fog, series: [{ sensor: 'ws06', measure: 'rain', points: [[0, 0] as [number, number]] }] };
  const sensors = [ruleOf({ id: 'quiet', kind: 'no-data', after, severity: 'minor' })];
  const play = { key: 'quiet:ws06', at: at(60), trace: { ...silence, to: at(70) } };
  expect(new Rehearsal({ cameras: [], watch: {}, sensors }).play(play).type).toBe(type);
});
