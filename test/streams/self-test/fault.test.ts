import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FaultWatch, found, nextFault, no, standing, unjudged } from '../../../src/streams/self-test/fault.ts';

const cause = { detail: 'black', value: 1, limit: 2 };
const yes = found(cause);
const patience = { beginMs: 60_000, beginLooks: 3 };
const findings = { y: yes, n: no, '-': unjudged } as const;

/** One look each so many seconds: `y` yes, `n` no, `-` nothing said. */
function after(looks: string, everySeconds: number): FaultWatch {
  return [...looks].reduce<FaultWatch>(
    (watch, look, index) => {
      const finding = look === 'y' ? findings.y : look === 'n' ? findings.n : findings['-'];
      return nextFault(watch, finding, { at: index * everySeconds * 1_000, ...patience });
    },
    { phase: 'new' },
  );
}

test.each([
  ['y', 10, 'suspect', 'one look is no fault: a flash'],
  ['yyn', 10, 'clear', 'nor are some, within a minute: a truck'],
  ['yyyyyyy', 10, 'standing', 'a minute of looks is one'],
  ['yy', 600, 'suspect', 'two looks are too few, however far apart'],
  ['yyy', 600, 'standing', 'three are enough'],
  ['yyyyyyyn', 10, 'fading', 'one good look does not end it'],
  ['yyyyyyynnnn', 10, 'clear', 'half a minute of good looks does'],
  ['yyyyyyynny', 10, 'standing', 'and what comes back in between goes on'],
  ['yyyyyyy------', 10, 'standing', 'what cannot be judged stands as it was'],
  ['yyy---', 10, 'suspect', 'or is as suspect as it was'],
  ['-----', 10, 'new', 'of one never judged nothing is known'],
])('%s every %d s: %s, for %s', (looks, everySeconds, phase) => {
  expect(after(looks, everySeconds).phase).toBe(phase);
});

test('a fault is as old as the first look that found it', () => {
  expect(standing(after('nnyyyyyyyy', 10))).toMatchObject({ sinceMs: 20_000, cause });
});

test('whatever is found, a fault stands only after three findings a minute apart, and keeps its beginning', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('y', 'n', '-'), maxLength: 40 }), (looks) => {
      const watch = after(looks, 20);
      const fault = standing(watch);
      if (!fault) return;
      const from = fault.sinceMs / 20_000;
      expect(looks[from]).toBe('y');
      expect([...looks.slice(from)].filter((look) => look === 'y').length).toBeGreaterThanOrEqual(3);
    }),
    { numRuns: 200 },
  );
});
