import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldKinds } from '../../../src/alerts/detection/fold-kinds.ts';
import { familyOf } from '../../../src/alerts/detection/labels.ts';
import type { Sighting } from '../../../src/alerts/detection/model.ts';

const box = { x: 0.2, y: 0.4, width: 0.2, height: 0.3 };
const seen = (label: string, score: number, x = box.x): Sighting => ({ label, score, box: { ...box, x } });

test.each<{ name: string; sightings: Sighting[]; folded: [label: string, score: number][] }>([
  {
    name: 'a car that is a truck and a bus as well is a vehicle, more surely than each',
    sightings: [seen('truck', 0.32), seen('car', 0.36), seen('bus', 0.25)],
    folded: [['car', 0.67]],
  },
  {
    name: 'a person on a bicycle is two',
    sightings: [seen('person', 0.5), seen('bicycle', 0.4)],
    folded: [
      ['person', 0.5],
      ['bicycle', 0.4],
    ],
  },
  {
    name: 'two cars on each other are two',
    sightings: [seen('car', 0.5), seen('car', 0.4)],
    folded: [
      ['car', 0.5],
      ['car', 0.4],
    ],
  },
  {
    name: 'a truck beside a car is another',
    sightings: [seen('car', 0.5), seen('truck', 0.4, 0.26)],
    folded: [
      ['car', 0.5],
      ['truck', 0.4],
    ],
  },
])('$name', ({ sightings, folded }) => {
  expect(foldKinds(sightings).map(({ label, score }) => [label, Number(score.toFixed(2))])).toEqual(folded);
});

test('nothing is lost or made up: every family at a place stays, no score falls, none is above 1', () => {
  const sighting = fc.record({
    label: fc.constantFrom('car', 'truck', 'bus', 'person', 'dog', 'cow'),
    score: fc.double({ min: 0.05, max: 1, noNaN: true }),
    x: fc.constantFrom(0.1, 0.11, 0.5),
  });
  fc.assert(
    fc.property(fc.array(sighting, { maxLength: 8 }), (drawn) => {
      const sightings = drawn.map(({ label, score, x }) => seen(label, score, x));
      const folded = foldKinds(sightings);
      const best = (of: readonly Sighting[], family: string) =>
        Math.max(0, ...of.filter(({ label }) => familyOf(label) === family).map(({ score }) => score));
      expect(folded.length).toBeLessThanOrEqual(sightings.length);
      for (const family of ['vehicle', 'person', 'animal'])
        expect(best(folded, family)).toBeGreaterThanOrEqual(best(sightings, family));
      expect(best(folded, 'person')).toBe(best(sightings, 'person'));
      expect(Math.max(0, ...folded.map(({ score }) => score))).toBeLessThanOrEqual(1);
    }),
  );
});
