import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CrowdPolicy, judgeCrowd, noCrowd } from '../../../../src/alerts/detection/rules/crowd.ts';
import { type Actor, basePolicy, eventsOf, type Path, picturesOf, times, verdictsOf, wholePicture } from './story.ts';

const policy: CrowdPolicy = {
  ...basePolicy,
  objects: ['person'],
  zone: { id: 'toll', polygon: wholePicture, road: false },
  count: 3,
};
const judged = (actors: Actor[]) =>
  verdictsOf((state, picture) => judgeCrowd(policy, state, picture), noCrowd, picturesOf(actors));
const here = (seconds: number): Path => times(seconds, [0.5, 0.5]);
const people = (...paths: Path[]): Actor[] => paths.map((path, index) => ({ id: index + 1, label: 'person', path }));

test.each<{ name: string; actors: Actor[]; events: string[] }>([
  {
    name: 'as many as it takes, for the dwell',
    actors: people(...times(3, here(5))),
    events: ['begin 3', 'continue 4'],
  },
  { name: 'one fewer is none', actors: people(...times(2, here(8))), events: [] },
  {
    name: 'the dwell begins with the last who is needed',
    actors: people(here(7), here(7), [undefined, undefined, ...here(5)]),
    events: ['begin 5', 'continue 6'],
  },
  {
    name: 'who is missed in two pictures is still counted',
    actors: people(here(5), here(5), [[0.5, 0.5], undefined, undefined, [0.5, 0.5], [0.5, 0.5]]),
    events: ['begin 3', 'continue 4'],
  },
  {
    name: 'it is over when they have been fewer for a while',
    actors: people(here(12), here(12), here(4)),
    events: ['begin 3', 'continue 4', 'continue 5', 'end 9'],
  },
])('$name', ({ actors, events }) => {
  expect(eventsOf(judged(actors))).toEqual(events);
});

test('the reasons say how many and for how long', () => {
  expect(judged(people(...times(4, here(4))))[3]).toMatchObject({
    type: 'begin',
    tracks: [{ id: 4 }, { id: 3 }, { id: 2 }, { id: 1 }],
    reasons: [
      { text: '区域 toll内 4 人，门限 3 人', value: 4, limit: 3, unit: '人' },
      { text: '持续 3 s，门限 3 s', value: 3, limit: 3, unit: 's' },
    ],
  });
});

test('whoever comes and goes, it begins once that many were there all through the dwell, each seen within the grace', () => {
  const seen = fc.array(fc.tuple(...times(5, fc.boolean())), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(seen, (seconds) => {
      const paths = times(5, 0).map((_, who) =>
        seconds.map((each): Path[number] => (each[who] ? [0.5, 0.5] : undefined)),
      );
      const there = (second: number) =>
        paths.filter((path) => path.slice(Math.max(0, second - 2), second + 1).some(Boolean)).length;
      const isMany = seconds.map((_, second) => there(second) >= 3);
      const isDue = (_: unknown, second: number) =>
        second >= 3 && isMany.slice(second - 3, second + 1).every(Boolean) && paths.some((path) => path[second]);
      const due = seconds.findIndex(isDue);
      expect(eventsOf(judged(people(...paths)))[0]).toBe(due < 0 ? undefined : `begin ${due}`);
    }),
  );
});
