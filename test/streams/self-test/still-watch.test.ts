import { expect, test } from 'vitest';
import type { LumaPicture } from '../../../src/streams/self-test/luma-picture.ts';
import { factsOf } from '../../../src/streams/self-test/picture-facts.ts';
import { nextStill, type StillWatch } from '../../../src/streams/self-test/still-watch.ts';
import { clocked, covered, lit, noisy, town } from './pictures.ts';

const home = town(1);
const everyMs = 60_000;

/** Since which look nothing has changed, after ten of them a minute apart. */
function stillSince(picture: (look: number) => LumaPicture, looks = 10): number {
  let watch: StillWatch | undefined;
  for (let look = 0; look < looks; look += 1) watch = nextStill(watch, factsOf(picture(look)), look * everyMs);
  return (watch?.sinceMs ?? Number.NaN) / everyMs;
}

test.each<[string, (look: number) => LumaPicture, number]>([
  ['the same picture stands still', () => home, 0],
  ['also under a clock that runs', (look) => clocked(home, look), 0],
  ['also in noise', (look) => noisy(home, 4, look), 0],
  ['and in both', (look) => clocked(noisy(home, 4, look), look), 0],
  [
    'somebody who walks by is life',
    (look) => covered(home, { left: look / 12, right: look / 12 + 0.03, top: 0.6, bottom: 0.72 }),
    9,
  ],
  ['the light of the day is too', (look) => lit(home, 1 - look * 0.02), 9],
  ['life ends where it stood still', (look) => lit(home, look < 4 ? 1 - look * 0.1 : 0.6), 4],
])('%s', (_, picture, since) => {
  expect(stillSince(picture)).toBe(since);
});

test('what happened while nobody looked is not known', () => {
  const facts = factsOf(home);
  const watch = nextStill(nextStill(undefined, facts, 0), facts, 3_600_000);
  expect(watch.sinceMs).toBe(3_600_000);
});
