import { expect, test } from 'vitest';
import { rulesOf } from '../../../src/alerts/detection/camera-rules.ts';
import { rankAt, standingAt, type WatchState } from '../../../src/alerts/detection/standing.ts';
import type { Track } from '../../../src/alerts/detection/tracker.ts';
import { WatchedRule } from '../../../src/alerts/detection/watched-rule.ts';
import type { Zone } from '../../../src/alerts/detection/zone.ts';

const polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
] as const;
const lastCallMs = 3_000;
const times = { dwellMs: 0, clearMs: 10_000, graceMs: 4_000 };

function state(zone: Partial<Zone>, lastSeenAt?: number): WatchState['rules'] {
  const detect = { zones: [{ id: 'zone', polygon, ...zone }] };
  const rules = rulesOf({ id: 'a', position: { lat: 27.3, lon: 105.29 }, detect }, times);
  return rules.map((rule) => ({ rule, lastSeenAt }));
}

const box = { x: 0.5, y: 0.5, width: 0.02, height: 0.06 };
const track = (label: string, lastAt: number): Track => ({ id: 1, label, box, score: 0.6, firstAt: 0, lastAt });

test('whoever a rule is about is looked for where they should be by now', () => {
  const walking = { ...track('person', 1_000), motion: { x: 0.1, y: 0, width: 0, height: 0 } };
  const standing = standingAt(2_000, { rules: state({}), tracks: [walking], lookedAt: 1_000, lastCallMs });
  expect(standing).toEqual({ followed: [{ ...box, x: expect.closeTo(0.6, 9) }], isMissing: false });
});

test('a car is nobody to look for where rules are about people', () => {
  const tracks = [track('car', 0)];
  expect(standingAt(2_000, { rules: state({}), tracks, lookedAt: 1_000, lastCallMs })).toEqual({
    followed: [],
    isMissing: false,
  });
});

test('people are looked for beside things that may be left', () => {
  const rules = state({ rule: 'object-left' });
  expect(
    standingAt(1_000, { rules, tracks: [track('person', 1_000)], lookedAt: 1_000, lastCallMs }).followed,
  ).toHaveLength(1);
});

test('who was not seen at the last look is missing, and so is what goes on under a rule', () => {
  const unseen = { rules: state({}), tracks: [track('person', 1_000)], lookedAt: 2_000, lastCallMs };
  expect(standingAt(3_000, unseen).isMissing).toBe(true);
  expect(standingAt(3_000, { rules: state({}, 1_000), tracks: [], lookedAt: 2_000, lastCallMs }).isMissing).toBe(true);
  expect(standingAt(3_000, { rules: state({}, 2_000), tracks: [], lookedAt: 2_000, lastCallMs }).isMissing).toBe(false);
});

const unmoved = { x: 0, y: 0, width: 0, height: 0 };

test('where somebody should be is looked at again, and who was seen twice once more before they are given up', () => {
  const lost = (at: number, lookedAt: number) =>
    standingAt(at, {
      rules: state({}),
      tracks: [{ ...track('person', 1_000), motion: unmoved }],
      lookedAt,
      lastCallMs,
    });
  const isFollowed = (standing: ReturnType<typeof lost>) => standing.followed.length === 1;
  expect(isFollowed(lost(3_000, 2_000))).toBe(true);
  expect(isFollowed(lost(4_000, 3_000))).toBe(false);
  expect(isFollowed(lost(5_000, 3_000))).toBe(true);
  // Late as the picture may be; and not twice.
  expect(isFollowed(lost(6_500, 3_000))).toBe(true);
  expect(isFollowed(lost(6_000, 5_000))).toBe(false);
  const once = standingAt(5_000, { rules: state({}), tracks: [track('person', 1_000)], lookedAt: 3_000, lastCallMs });
  expect(once).toEqual({ followed: [], isMissing: true });
});

test.each([
  { name: 'whose dwell is up', at: 5_000, rank: 'pressing' },
  { name: 'who have been there for too short a time', at: 4_000, rank: 'usual' },
  { name: 'who should have left the zone by then', at: 5_000, x: 0.2, rank: 'usual' },
  { name: 'whom the zone is not about', at: 5_000, label: 'car', rank: 'usual' },
  { name: 'of whom it was told', at: 6_000, told: 5_000, rank: 'usual' },
])('a picture of those $name is $rank', async ({ at, rank, x = 0, label = 'person', told }) => {
  const there = { ...track(label, 2_000), motion: { ...unmoved, x } };
  const lowerHalf = [
    [0, 0.5],
    [1, 0.5],
    [1, 1],
    [0, 1],
  ] as const;
  const detect = { zones: [{ id: 'zone', dwell: 3, polygon: lowerHalf }] };
  const rules = rulesOf({ id: 'a', position: { lat: 27.3, lon: 105.29 }, detect }, times).map(
    (rule) => new WatchedRule(rule),
  );
  const ports = { refreshMs: 1_000, observe: async () => 0, end: async () => 0, express: () => Promise.reject(told) };
  for (const rule of rules) {
    await rule.look({ tracks: [there], at: 2_000, aspect: 1 }, ports);
    if (told) await rule.look({ tracks: [{ ...there, lastAt: told }], at: told, aspect: 1 }, ports).catch(() => 0);
  }
  expect(rankAt(at, 1, { rules, tracks: [there] })).toBe(rank);
});

test('without anybody nothing hangs on a picture', () => {
  const rules = [{ wouldBegin: () => true }];
  expect([rankAt(0, 1, { rules, tracks: [] }), rankAt(0, 1, { rules, tracks: [track('person', 0)] })]).toEqual([
    'usual',
    'pressing',
  ]);
});
