import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Sample, slopePerMinute, withSample } from '../../../src/alerts/rules/rate-of-change.ts';
import { at, mistakesOf, play } from './rule-play.ts';

const frost = {
  id: 'frost',
  kind: 'rate',
  measure: 'roadTemperature',
  window: 600,
  raise: [
    { falls: 0.2, severity: 'minor' },
    { falls: 0.5, severity: 'major' },
  ],
  clear: 0.1,
  hold: 0,
};
const minutes = (values: readonly number[]) => values.map((value, n) => [n * 60, { roadTemperature: value }] as const);
const line = (perMinute: number, count = 12) => Array.from({ length: count }, (_, n) => 10 + perMinute * n);

test.each([
  ['half a degree a minute is major', line(-0.5), 'major'],
  ['a quarter of one is minor', line(-0.25), 'minor'],
  ['a little is nothing', line(-0.15), '-'],
  ['it says nothing of the other way', line(0.5), '-'],
  ['nor before half of the window is seen', line(-5, 5), '-'],
  ['what is calm ends', [...line(-0.5), ...Array.from({ length: 12 }, () => 4.5)], '-'],
] as const)('%s', (_, values, last) => {
  const outcomes = play(frost, minutes(values));
  expect(outcomes.at(-1)).toBe(last);
});

test('a fall that stops ends the alert once', () => {
  const outcomes = play(frost, minutes([...line(-0.5), ...Array.from({ length: 12 }, () => 4.5)]));
  expect(outcomes.filter((outcome) => outcome === 'end')).toHaveLength(1);
  expect(outcomes).toContain('major');
});

test('a tier rises or falls, and calm lies under every limit', () => {
  expect(mistakesOf({ ...frost, raise: [{ rises: 1, falls: 1, severity: 'info' }] })).toEqual([
    'rules.0.raise.0 expected either rises or falls',
  ]);
  expect(mistakesOf({ ...frost, clear: 0.3 })).toHaveLength(1);
});

const windowMs = 600_000;
const gathered = (points: readonly (readonly [number, number])[]) =>
  points.reduce<readonly Sample[]>(
    (samples, [seconds, value]) => withSample(samples, { at: at(seconds), value }, windowMs),
    [],
  );

test('property: of a straight line it is the slope, however often it is measured', () => {
  const slope = fc.double({ noNaN: true, min: -100, max: 100 });
  const gaps = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 20, maxLength: 400 });
  fc.assert(
    fc.property(slope, gaps, (perMinute, steps) => {
      let clock = 0;
      const times = steps.map((step) => {
        clock += step;
        return clock;
      });
      const seen = slopePerMinute(gathered(times.map((t) => [t, (perMinute * t) / 60] as const)), windowMs);
      if (seen !== undefined) expect(seen).toBeCloseTo(perMinute, 4);
      else expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(windowMs / 1_000);
    }),
    { numRuns: 50 },
  );
});

test('property: samples are within the window, in order, and never too many', () => {
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.double({ noNaN: true })), { maxLength: 500 });
  fc.assert(
    fc.property(points, (unordered) => {
      const samples = gathered(unordered.toSorted(([a], [b]) => a - b));
      const times = samples.map((sample) => sample.at.getTime());
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(windowMs);
      expect(samples.length).toBeLessThanOrEqual(242);
    }),
    { numRuns: 50 },
  );
});
