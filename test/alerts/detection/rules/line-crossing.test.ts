import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeLine, type LinePolicy, nobodyCrossed } from '../../../../src/alerts/detection/rules/line-crossing.ts';
import type { Corner, Line } from '../../../../src/alerts/detection/zone.ts';
import { type Actor, basePolicy, eventsOf, type Path, picturesOf, times, verdictsOf } from './story.ts';

/** Drawn from the left to the right: its right hand side is below it. */
const level: Line = {
  id: 'edge',
  points: [
    [0.2, 0.5],
    [0.8, 0.5],
  ],
};
const bent: Line = {
  id: 'bent',
  points: [
    [0.2, 0.5],
    [0.5, 0.8],
    [0.8, 0.5],
  ],
};
const judged = (line: Line, actors: Actor[]) => {
  const policy: LinePolicy = { ...basePolicy, objects: ['person'], line };
  return verdictsOf((state, picture) => judgeLine(policy, state, picture), nobodyCrossed, picturesOf(actors));
};
const person = (path: Path, id = 1): Actor => ({ id, label: 'person', path });
const down: Path = [
  [0.5, 0.3],
  [0.5, 0.45],
  [0.5, 0.6],
  [0.5, 0.7],
];
const up: Path = down.toReversed();

test.each<{ name: string; line: Line; path: Path; events: string[] }>([
  { name: 'over it, either way: down', line: level, path: down, events: ['begin 2'] },
  { name: 'over it, either way: up', line: level, path: up, events: ['begin 2'] },
  { name: 'to the right only: down', line: { ...level, direction: 'right' }, path: down, events: ['begin 2'] },
  { name: 'to the right only: up', line: { ...level, direction: 'right' }, path: up, events: [] },
  { name: 'to the left only: up', line: { ...level, direction: 'left' }, path: up, events: ['begin 2'] },
  {
    name: 'around its end',
    line: level,
    path: [
      [0.1, 0.3],
      [0.1, 0.6],
    ],
    events: [],
  },
  {
    name: 'a trembling box on it is on neither side',
    line: level,
    path: [0.3, 0.495, 0.505, 0.495, 0.508, 0.45].map((y): Corner => [0.5, y]),
    events: [],
  },
  {
    name: 'who goes unseen on it has crossed when seen beyond it',
    line: level,
    path: [[0.5, 0.4], undefined, [0.5, 0.505], [0.5, 0.6]],
    events: ['begin 3'],
  },
  {
    name: 'over both legs of a bent line at once is there and back again',
    line: bent,
    path: [
      [0.1, 0.6],
      [0.9, 0.6],
    ],
    events: [],
  },
  {
    name: 'over one leg of it',
    line: bent,
    path: [
      [0.1, 0.6],
      [0.5, 0.6],
    ],
    events: ['begin 1'],
  },
  {
    name: 'it is over when nobody crossed for a while',
    line: level,
    path: [...down, ...times(4, [0.5, 0.7] as const)],
    events: ['begin 2', 'end 6'],
  },
])('$name', ({ line, path, events }) => {
  expect(eventsOf(judged(line, [person(path)]))).toEqual(events);
});

test('the next one within the event is told as its second, with the side', () => {
  const later: Path = [...times(2, [0.6, 0.3] as const), ...down];
  const verdicts = judged(level, [person(down), person(later, 2)]);
  expect(verdicts[2]).toMatchObject({ type: 'begin', reasons: [{ text: '从界线 edge的左侧到右侧越过' }] });
  expect(verdicts[4]).toMatchObject({
    type: 'continue',
    track: { id: 2 },
    reasons: [{}, { text: '本次共 2 个越过', value: 2 }],
  });
});

test('whichever way somebody wanders, they cross to the two sides in turn', () => {
  const place = fc.tuple(fc.double({ min: 0.3, max: 0.7, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(place, { minLength: 2, maxLength: 30 }), (path) => {
      const sides = judged(level, [person(path)]).flatMap((verdict) => {
        if (verdict.type !== 'begin' && verdict.type !== 'continue') return [];
        return verdict.reasons[0]?.text.includes('左侧到右侧') ? ['right'] : ['left'];
      });
      expect(sides.every((side, index) => index === 0 || side !== sides[index - 1])).toBe(true);
    }),
  );
});
