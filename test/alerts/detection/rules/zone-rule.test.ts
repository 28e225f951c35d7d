import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Verdict } from '../../../../src/alerts/detection/rules/rule-event.ts';
import type { ZonePolicy } from '../../../../src/alerts/detection/rules/rule-policy.ts';
import { emptyZone, judgeZone } from '../../../../src/alerts/detection/rules/zone-rule.ts';
import type { Track } from '../../../../src/alerts/detection/tracker.ts';
import { type Corner, contains, zoneName } from '../../../../src/alerts/detection/zone.ts';

const policy: ZonePolicy = {
  zone: {
    id: 'hard-shoulder',
    polygon: [
      [0.5, 0],
      [1, 0],
      [1, 1],
      [0.5, 1],
    ],
  },
  objects: ['person'],
  dwellMs: 3_000,
  clearMs: 10_000,
  graceMs: 1_500,
  minSize: 0,
  cooldownMs: 0,
};
const aspect = 16 / 9;

type Place = 'in' | 'out' | 'unseen' | 'car' | 'other';

function trackAt(place: Place, at: number): Track[] {
  if (place === 'unseen') return [];
  const x = place === 'out' ? 0.2 : 0.7;
  const label = place === 'car' ? 'car' : 'person';
  const id = place === 'other' ? 2 : 1;
  return [{ id, label, box: { x, y: 0.4, width: 0.1, height: 0.3 }, score: 0.6, firstAt: 0, lastAt: at }];
}

/** What each picture, one a second, leads to. */
function story(places: readonly Place[]): Verdict['type'][] {
  let state = emptyZone;
  return places.map((place, second) => {
    const at = second * 1_000;
    const step = judgeZone(policy, state, { tracks: trackAt(place, at), at, aspect });
    state = step.state;
    return step.verdict.type;
  });
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

test.each<{ name: string; places: Place[]; verdicts: Verdict['type'][] }>([
  {
    name: 'who stays for the dwell begins an event',
    places: times(5, 'in'),
    verdicts: [...times(3, 'quiet' as const), 'begin', 'continue'],
  },
  { name: 'who passes in less does not', places: ['in', 'in', 'in', 'out'], verdicts: times(4, 'quiet') },
  {
    name: 'a miss longer than the grace starts the dwell anew',
    places: ['in', 'in', 'unseen', 'in'],
    verdicts: ['quiet', 'quiet', 'quiet', 'quiet'],
  },
  { name: 'a car is not what the zone is closed to', places: times(6, 'car'), verdicts: times(6, 'quiet') },
  { name: 'dwell is of one and the same', places: ['in', 'in', 'other', 'other', 'in'], verdicts: times(5, 'quiet') },
  {
    name: 'it ends when the zone was empty for ten seconds',
    places: [...times(4, 'in' as const), ...times(11, 'unseen' as const)],
    verdicts: [...times(3, 'quiet' as const), 'begin', ...times(9, 'quiet' as const), 'end', 'quiet'],
  },
  {
    name: 'who comes before it ended keeps it open, and is a reason for it from their own dwell on',
    places: [...times(4, 'in' as const), ...times(8, 'out' as const), ...times(4, 'other' as const)],
    verdicts: [...times(3, 'quiet' as const), 'begin', ...times(11, 'quiet' as const), 'continue'],
  },
])('$name', ({ places, verdicts }) => {
  expect(story(places)).toEqual(verdicts);
});

test('a miss shorter than the grace keeps the dwell', () => {
  const at = (ms: number, state: typeof emptyZone, seen: boolean) =>
    judgeZone(policy, state, { tracks: seen ? trackAt('in', ms) : [], at: ms, aspect });
  const first = at(0, emptyZone, true);
  const second = at(1_400, at(700, first.state, false).state, true);
  expect(at(3_000, at(2_300, second.state, true).state, true).verdict).toMatchObject({ type: 'begin', dwellMs: 3_000 });
});

test('who is smaller than the least size is too far away to be somebody', () => {
  const picture = { tracks: trackAt('in', 0), at: 0, aspect };
  const verdictAt = (minSize: number) => judgeZone({ ...policy, dwellMs: 0, minSize }, emptyZone, picture).verdict.type;
  expect([verdictAt(0.29), verdictAt(0.31)]).toEqual(['begin', 'quiet']);
});

test('the reasons say how long it was and how long it may be', () => {
  const first = judgeZone(policy, emptyZone, { tracks: trackAt('in', 0), at: 0, aspect });
  const patient = { ...policy, graceMs: 5_000 };
  const { verdict } = judgeZone(patient, first.state, { tracks: trackAt('in', 4_210), at: 4_210, aspect });
  expect(verdict).toMatchObject({
    dwellMs: 4_210,
    tracks: [{ id: 1 }],
    reasons: [{ text: '在硬路肩停留 4.2 s，门限 3 s', value: 4.2, limit: 3, unit: 's' }],
  });
});

test('the feet decide, not the head', () => {
  const lower: ZonePolicy = {
    ...policy,
    zone: {
      id: 'z',
      polygon: [
        [0, 0.8],
        [1, 0.8],
        [1, 1],
        [0, 1],
      ],
    },
    dwellMs: 0,
  };
  expect(judgeZone(lower, emptyZone, { tracks: trackAt('in', 0), at: 0, aspect }).verdict.type).toBe('quiet');
});

const star: Corner[] = [
  [0.1, 0.1],
  [0.9, 0.1],
  [0.9, 0.9],
  [0.5, 0.5],
  [0.1, 0.9],
];
test.each<{ point: Corner; isInside: boolean }>([
  { point: [0.5, 0.3], isInside: true },
  { point: [0.5, 0.8], isInside: false },
  { point: [0.15, 0.7], isInside: true },
  { point: [0.95, 0.5], isInside: false },
])('a notched polygon holds $point: $isInside', ({ point, isInside }) => {
  expect(contains(star, point)).toBe(isInside);
});

test.each([
  { zone: { id: 'hard-shoulder', polygon: [] }, name: '硬路肩' },
  { zone: { id: 'a1', polygon: [] }, name: '公路' },
  { zone: { id: 'a1', polygon: [], road: false }, name: '区域 a1' },
  { zone: { id: 'shoulder', name: '应急车道', polygon: [] }, name: '应急车道' },
])('a zone $zone.id is called $name', ({ zone, name }) => {
  expect(zoneName(zone)).toBe(name);
});

test('whatever somebody does, the event begins exactly when they have been in the zone for the dwell without a gap', () => {
  const places = fc.array(fc.constantFrom<Place>('in', 'in', 'in', 'out', 'unseen', 'car'), { maxLength: 30 });
  fc.assert(
    fc.property(places, (path) => {
      const isDue = (_: Place, second: number) => second >= 3 && path.slice(second - 3, second + 1).every(isIn);
      expect(story(path).indexOf('begin')).toBe(path.findIndex(isDue));
    }),
  );
});

const isIn = (place: Place) => place === 'in';
