import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRightWay, judgeWrongWay, type WrongWayPolicy } from '../../../../src/alerts/detection/rules/wrong-way.ts';
import type { Corner } from '../../../../src/alerts/detection/zone.ts';
import { basePolicy, eventsOf, type Path, picturesOf, times, verdictsOf, wholePicture } from './story.ts';

/** Traffic comes down the picture. */
const policy: WrongWayPolicy = {
  ...basePolicy,
  dwellMs: 1_000,
  objects: ['car'],
  zone: { id: 'lane-1', polygon: wholePicture },
  direction: [
    [0.5, 0],
    [0.5, 1],
  ],
};
const judged = (path: Path) =>
  verdictsOf(
    (state, picture) => judgeWrongWay(policy, state, picture),
    allRightWay,
    picturesOf([
      { id: 1, path },
      { id: 2, path: times(path.length, undefined) },
    ]),
  );
const column = (...ys: number[]): Corner[] => ys.map((y) => [0.5, y]);

test.each<{ name: string; path: Path; events: string[] }>([
  { name: 'up the picture is against it', path: column(0.9, 0.82, 0.76, 0.7, 0.64), events: ['begin 3', 'continue 4'] },
  { name: 'down the picture is with it', path: column(0.3, 0.4, 0.5, 0.6, 0.7), events: [] },
  { name: 'who stands trembles', path: column(0.5, 0.495, 0.49, 0.48, 0.495, 0.49, 0.48), events: [] },
  { name: 'one box gone wrong is no journey', path: column(0.5, 0.6, 0.4, 0.7, 0.5, 0.8, 0.6), events: [] },
  { name: 'who goes back less than a length has only rolled', path: column(0.5, 0.48, 0.46, 0.44, 0.42), events: [] },
  {
    name: 'who reverses is on the way against it from there',
    path: column(0.5, 0.6, 0.7, 0.64, 0.58, 0.52),
    events: ['begin 5'],
  },
  {
    name: 'who changes lanes goes across',
    path: [0.1, 0.2, 0.3, 0.4, 0.5].map((x, second): Corner => [x, 0.7 - second * 0.03]),
    events: [],
  },
  {
    name: 'it is over when it has left the picture',
    path: [...column(0.9, 0.8, 0.7, 0.6), ...times(5, undefined)],
    events: ['begin 3', 'end 7'],
  },
])('$name', ({ path, events }) => {
  expect(eventsOf(judged(path))).toEqual(events);
});

test('the reasons say for how long and how far', () => {
  expect(judged(column(0.9, 0.8, 0.7, 0.6))[3]).toMatchObject({
    dwellMs: 3_000,
    reasons: [
      { text: '在行车道逆向行驶 3 s，门限 1 s', value: 3, limit: 1, unit: 's' },
      { text: '逆向移动 3 倍车高，门限 1 倍', value: 3, limit: 1 },
    ],
  });
});

test('nobody who never goes against the traffic is ever told of', () => {
  const step = fc.record({
    down: fc.double({ min: 0, max: 0.2, noNaN: true }),
    across: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 20 }), (steps) => {
      let [x, y] = [0.5, 0];
      const path = steps.map(({ down, across }): Corner => {
        x = Math.min(1, Math.max(0, x + across));
        y = Math.min(1, y + down);
        return [x, y];
      });
      expect(eventsOf(judged(path))).toEqual([]);
    }),
  );
});
