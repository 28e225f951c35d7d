import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intersectionOverUnion } from '../../../src/alerts/detection/box.ts';
import { familyOf } from '../../../src/alerts/detection/labels.ts';
import type { Sighting } from '../../../src/alerts/detection/model.ts';
import { follow, noTracks, type Tracks } from '../../../src/alerts/detection/tracker.ts';

const policy = { newScore: 0.4, keepScore: 0.24, missMs: 4_000, aspect: 16 / 9 };

const part = fc.integer({ min: 0, max: 40 }).map((step) => step / 50);
const sighting: fc.Arbitrary<Sighting> = fc.record({
  label: fc.constantFrom('person', 'car', 'truck', 'dog'),
  score: fc.integer({ min: 20, max: 99 }).map((hundredths) => hundredths / 100),
  box: fc.record({ x: part, y: part, width: fc.constantFrom(0.04, 0.1), height: fc.constantFrom(0.1, 0.2) }),
});
const pictures = fc.array(fc.array(sighting, { maxLength: 8 }), { minLength: 1, maxLength: 8 });

function watch(seen: readonly (readonly Sighting[])[], everyMs = 500): Tracks[] {
  const steps: Tracks[] = [];
  for (const [index, sightings] of seen.entries())
    steps.push(follow(steps.at(-1) ?? noTracks, sightings, { at: index * everyMs, policy }));
  return steps;
}

test('no id is shared, no box has two ids, and every sure sighting has one', () => {
  fc.assert(
    fc.property(pictures, (seen) => {
      for (const [index, { tracks, nextId }] of watch(seen).entries()) {
        const now = tracks.filter(({ lastAt }) => lastAt === index * 500);
        expect(new Set(tracks.map(({ id }) => id)).size).toBe(tracks.length);
        expect(new Set(now.map(({ box }) => box)).size).toBe(now.length);
        expect(Math.max(0, ...tracks.map(({ id }) => id))).toBeLessThan(nextId);
        const sure = seen[index]?.filter(({ score }) => score >= policy.newScore) ?? [];
        const isFollowed = ({ label, box }: Sighting) =>
          now.some(
            (track) => familyOf(track.label) === familyOf(label) && intersectionOverUnion(track.box, box) >= 0.8,
          );
        expect(sure.every(isFollowed)).toBe(true);
      }
    }),
  );
});

test("a track's label and its beginning never change, and an id that is gone does not come back", () => {
  fc.assert(
    fc.property(pictures, (seen) => {
      const known = new Map<number, string>();
      let last = new Set<number>();
      for (const { tracks } of watch(seen)) {
        for (const { id, label, firstAt } of tracks) {
          expect(known.get(id) ?? `${label} ${firstAt}`).toBe(`${label} ${firstAt}`);
          expect(known.has(id) && !last.has(id)).toBe(false);
          known.set(id, `${label} ${firstAt}`);
        }
        last = new Set(tracks.map(({ id }) => id));
      }
    }),
  );
});

test('the order in which a model lists what it saw means nothing', () => {
  const both = pictures.chain((seen) =>
    fc.tuple(
      fc.constant(seen),
      fc.tuple(...seen.map((each) => fc.shuffledSubarray(each, { minLength: each.length, maxLength: each.length }))),
    ),
  );
  fc.assert(
    fc.property(both, ([seen, shuffled]) => {
      expect(watch(shuffled)).toEqual(watch(seen));
    }),
  );
});

/** A walker from `x` on, seen once a second, missed where `seen` is false; heights and speed as a person has them. */
const walker = fc.record({
  height: fc.double({ min: 0.08, max: 0.4, noNaN: true }),
  /** In heights a second: up to a run. */
  pace: fc.double({ min: -1.2, max: 1.2, noNaN: true }),
  tremble: fc.array(fc.double({ min: -0.04, max: 0.04, noNaN: true }), { minLength: 20, maxLength: 20 }),
  seen: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 20 }),
});

test('a steady walker, seen once a second, keeps one id through misses of up to two pictures', () => {
  fc.assert(
    fc.property(walker, ({ height, pace, tremble, seen }) => {
      const missed = seen.map((dice, index) => dice === 0 && index > 2 && (index % 4 === 3 || index % 4 === 2));
      const steps = watch(
        tremble.map((error, second) => {
          const x = 0.5 + ((pace * second + error) * height) / policy.aspect;
          const box = { x, y: 0.5, width: (height * 0.4) / policy.aspect, height: height * (1 + error / 2) };
          return missed[second] ? [] : [{ label: 'person', score: 0.6, box }];
        }),
        1_000,
      );
      expect(steps.at(-1)?.nextId).toBe(2);
    }),
  );
});
