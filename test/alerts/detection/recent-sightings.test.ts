import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sighting } from '../../../src/alerts/detection/model.ts';
import { lookOf, RecentSightings } from '../../../src/alerts/detection/recent-sightings.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const box = { x: 0.1, y: 0.2, width: 0.1, height: 0.2 };
const person = (score = 0.6): Sighting => ({ label: 'person', score, box });
const look = (seconds: number, things = 1, aspect = 16 / 9) => ({
  at: new Date(seconds * 1_000),
  aspect,
  sightings: Array.from({ length: things }, () => person()),
});

test('property: the newest looks are kept, never more than the bounds of time, looks and things', () => {
  const limits = { keepMs: 20_000, looks: 10, sightings: 25 };
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(12)), { minLength: 1, maxLength: 60 }), (steps) => {
      const recent = new RecentSightings(limits);
      const secondsAt = (index: number) => steps.slice(0, index + 1).reduce((sum, [gap]) => sum + gap, 0);
      const all = steps.map(([, things], index) => look(secondsAt(index), things));
      for (const each of all) recent.add(each);
      const kept = recent.looks;
      expect(kept).toEqual(all.slice(-kept.length));
      expect(kept.length).toBeLessThanOrEqual(limits.looks);
      const span = secondsAt(steps.length) * 1_000 - (kept[0]?.at.getTime() ?? 0);
      expect(span).toBeLessThanOrEqual(limits.keepMs);
      if (kept.length > 1) expect(kept.flatMap(({ sightings }) => sightings).length).toBeLessThanOrEqual(25);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['of another shape', look(5, 1, 4 / 3)],
  ['from before the last one', look(3)],
])('a picture %s begins anew', (_, odd) => {
  const recent = new RecentSightings();
  for (const each of [look(3), look(4), odd]) recent.add(each);
  expect(recent.looks).toEqual([odd]);
});

test('of a crowd the surest are kept, and no pixel of anybody', () => {
  const sightings = Array.from({ length: 50 }, (_, index) => person(index / 100));
  const frame = { camera: 'a', at: new Date(0), ...greyPicture(16, 10, 0) };
  const kept = lookOf({ frame, sightings });
  expect(Object.keys(kept)).toEqual(['at', 'aspect', 'sightings']);
  expect(kept.sightings).toHaveLength(32);
  expect(Math.min(...kept.sightings.map(({ score }) => score))).toBe(0.18);
});
