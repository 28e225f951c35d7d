import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeObjectLeft, nothingLeft } from '../../../../src/alerts/detection/rules/object-left.ts';
import type { ZonePolicy } from '../../../../src/alerts/detection/rules/rule-policy.ts';
import type { Corner } from '../../../../src/alerts/detection/zone.ts';
import { type Actor, basePolicy, eventsOf, type Path, picturesOf, times, verdictsOf, wholePicture } from './story.ts';

const policy: ZonePolicy = { ...basePolicy, objects: ['suitcase'], zone: { id: 'hall', polygon: wholePicture } };
const judged = (actors: Actor[]) =>
  verdictsOf((state, picture) => judgeObjectLeft(policy, state, picture), nothingLeft, picturesOf(actors));
const lying = (seconds: number): Actor => ({
  id: 1,
  label: 'suitcase',
  height: 0.08,
  path: times<Corner>(seconds, [0.5, 0.5]),
});
const owner = (path: Path): Actor => ({ id: 2, label: 'person', height: 0.2, path });

test.each<{ name: string; actors: Actor[]; events: string[] }>([
  { name: 'nobody near it for the dwell', actors: [lying(5)], events: ['begin 3', 'continue 4'] },
  { name: 'somebody beside it has it', actors: [lying(8), owner(times(8, [0.55, 0.5]))], events: [] },
  {
    name: 'who stands far away has not',
    actors: [lying(5), owner(times(5, [0.9, 0.5]))],
    events: ['begin 3', 'continue 4'],
  },
  {
    name: 'the dwell begins when the last one has gone',
    actors: [lying(10), owner([[0.55, 0.5], [0.55, 0.5], [0.7, 0.5], [0.9, 0.5], ...times(6, undefined)])],
    events: ['begin 4', 'continue 5', 'continue 6', 'continue 7', 'continue 8', 'continue 9'],
  },
  {
    name: 'what is carried lies nowhere',
    actors: [{ ...lying(0), path: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map((x): Corner => [x, 0.5]) }],
    events: [],
  },
  {
    name: 'it is over when it has been fetched',
    actors: [lying(4), owner([...times(4, undefined), ...times<Corner>(6, [0.5, 0.5])])],
    events: ['begin 3', 'end 7'],
  },
])('$name', ({ actors, events }) => {
  expect(eventsOf(judged(actors))).toEqual(events);
});

test('the reasons say for how long nobody was there', () => {
  expect(judged([lying(4)])[3]).toMatchObject({
    reasons: [{ text: '在公路无人看管 3 s，门限 3 s', value: 3, limit: 3, unit: 's' }],
  });
});

test('however its owner comes and goes, it is left exactly when nobody was near it for the dwell', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (near) => {
      const path = near.map((isNear): Corner => (isNear ? [0.55, 0.5] : [0.95, 0.5]));
      const alone = near.map((_, second) => second - Math.max(0, near.lastIndexOf(true, second)));
      const due = alone.findIndex((seconds) => seconds >= 3);
      const events = eventsOf(judged([lying(near.length), owner(path)]));
      expect(events[0]).toBe(due < 0 ? undefined : `begin ${due}`);
    }),
  );
});
