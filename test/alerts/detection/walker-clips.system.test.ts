import { afterAll, beforeAll, expect, test } from 'vitest';
import { truthAt } from '../../../bench/detection/ground-truth.ts';
import { OurDetector, score } from '../../../bench/detection/our-detector.ts';
import { type Seen, sumOf, tallyOf } from '../../../bench/detection/tally.ts';
import { walkerTruths } from '../../../bench/detection/walker-truth.ts';
import { demoClip } from './clip-frames.ts';

let detector: OurDetector;

beforeAll(() => {
  detector = new OurDetector();
  detector.start();
});

afterAll(() => detector[Symbol.asyncDispose]());

const isPerson = ({ label, score: sure }: Seen) => label === 'person' && sure >= score;

test.each(walkerTruths)(
  'of $name the walker is found in most pictures on the hard shoulder, and nobody before',
  async (truth) => {
    const clip = { ...truth, path: demoClip(truth.name) };
    const looks = [];
    for await (const look of detector.sightings(clip, { step: 24, from: 0 })) looks.push(look);
    const people = looks.map(({ picture, seen }) => ({ picture, seen: seen.filter(isPerson) }));
    const tally = sumOf(people.map(({ picture, seen }) => tallyOf('person', seen, truthAt(truth, picture))));
    expect(people.filter(({ picture, seen }) => picture < 90 && seen.length > 0)).toEqual([]);
    expect(tally.wrong).toBe(0);
    expect(tally.found).toBeGreaterThan(tally.missed);
  },
  60_000,
);
