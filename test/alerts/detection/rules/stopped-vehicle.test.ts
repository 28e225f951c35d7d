import fc from 'fast-check';
import { expect, test } from 'vitest';
import { titleOf } from '../../../../src/alerts/detection/rule-titles.ts';
import type { ZonePolicy } from '../../../../src/alerts/detection/rules/rule-policy.ts';
import { judgeStopped, nobodyStopped } from '../../../../src/alerts/detection/rules/stopped-vehicle.ts';
import type { Corner } from '../../../../src/alerts/detection/zone.ts';
import { type Actor, basePolicy, eventsOf, type Path, picturesOf, times, verdictsOf, wholePicture } from './story.ts';

const policy: ZonePolicy = { ...basePolicy, objects: ['car', 'truck'], zone: { id: 'lane-1', polygon: wholePicture } };
const at = (x: number): Corner => [x, 0.6];
const judged = (actors: Actor[]) =>
  verdictsOf((state, picture) => judgeStopped(policy, state, picture), nobodyStopped, picturesOf(actors));

test.each<{ name: string; path: Path; label?: string; events: string[] }>([
  { name: 'who stands for the dwell has stopped', path: times(5, at(0.5)), events: ['begin 3', 'continue 4'] },
  {
    name: 'a trembling box stands',
    path: [0.5, 0.505, 0.497, 0.503, 0.5].map(at),
    events: ['begin 3', 'continue 4'],
  },
  { name: 'who crawls has not stopped', path: [0.5, 0.52, 0.54, 0.56, 0.58, 0.6].map(at), events: [] },
  {
    name: 'who stops later counts from there',
    path: [at(0.1), at(0.3), ...times(5, at(0.5))],
    events: ['begin 5', 'continue 6'],
  },
  {
    name: 'a lorry that passes in front does not start the dwell anew',
    path: [at(0.5), at(0.5), undefined, at(0.5), at(0.5)],
    events: ['begin 3', 'continue 4'],
  },
  {
    name: 'it is over when it has been gone for a while',
    path: [...times(4, at(0.5)), ...[0.7, 0.9].map(at), ...times(3, undefined)],
    events: ['begin 3', 'end 7'],
  },
  { name: 'a person who stands is another matter', path: times(6, at(0.5)), label: 'person', events: [] },
])('$name', ({ path, label = 'car', events }) => {
  const verdicts = judged([
    { id: 1, path, label },
    { id: 2, path: times(path.length, undefined) },
  ]);
  expect(eventsOf(verdicts)).toEqual(events);
});

test('several at once are one event that says how many', () => {
  const verdicts = judged([
    { id: 1, path: times(5, at(0.5)) },
    { id: 2, path: [undefined, ...times(4, at(0.8))], label: 'truck' },
  ]);
  expect(verdicts[3]).toMatchObject({ type: 'begin', track: { id: 1 }, tracks: [{ id: 1 }] });
  expect(verdicts[4]).toMatchObject({
    type: 'continue',
    track: { id: 1 },
    tracks: [{ id: 1 }, { id: 2 }],
    dwellMs: 4_000,
    reasons: [
      { text: '在行车道静止 4 s，门限 3 s', value: 4, limit: 3, unit: 's' },
      { text: '行车道内静止 2 辆', value: 2, unit: '辆' },
    ],
  });
});

test('three that stand are a jam, and one of them that goes unseen for a moment is still counted', () => {
  const verdicts = judged([
    { id: 1, path: times(6, at(0.2)) },
    { id: 2, path: times(6, at(0.5)) },
    { id: 3, path: [...times(4, at(0.8)), undefined, undefined] },
  ]);
  const titles = verdicts.flatMap((verdict) =>
    verdict.type === 'begin' || verdict.type === 'continue' ? titleOf({ rule: 'stopped', policy }, verdict) : [],
  );
  expect(titles).toEqual(times(3, '行车道拥堵，静止 3 辆'));
});

test('whoever drives on is not told of, and whoever then stands is, at the dwell', () => {
  const drive = fc.record({
    from: fc.double({ min: 0, max: 0.2, noNaN: true }),
    standsAt: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(drive, fc.integer({ min: 0, max: 6 }), ({ from, standsAt }, stands) => {
      const x = (second: number) => from + Math.min(second, standsAt) * 0.04;
      const moving = Array.from({ length: standsAt }, (_, second) => at(x(second)));
      const path = [...moving, ...times(stands, at(x(standsAt)))];
      if (path.length === 0) return;
      const events = eventsOf(judged([{ id: 1, path }]));
      const due = Array.from({ length: Math.max(0, stands - 3) }, (_, n) => standsAt + 3 + n);
      expect(events).toEqual(due.map((second, n) => `${n === 0 ? 'begin' : 'continue'} ${second}`));
    }),
  );
});
