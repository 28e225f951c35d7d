import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FenceState, nextFenceState } from '../../../src/dispatch/fences/fence-state.ts';

test.each<[FenceState, number, number | undefined, FenceState]>([
  ['outside', 21, undefined, 'inside'],
  ['outside', 20, undefined, 'doubtful'],
  ['outside', 6, 5, 'inside'],
  ['outside', 100, 150, 'doubtful'],
  ['outside', 0, 5, 'outside'],
  ['outside', -1, 5, 'outside'],
  ['outside', Number.NEGATIVE_INFINITY, undefined, 'outside'],
  ['doubtful', 1, 150, 'inside'],
  ['doubtful', -1, 5, 'outside'],
  ['inside', 1, undefined, 'inside'],
  ['inside', -30, undefined, 'inside'],
  ['inside', -31, undefined, 'outside'],
  ['inside', -31, 5, 'outside'],
  ['inside', -100, 100, 'inside'],
  ['inside', -101, 100, 'outside'],
  ['inside', Number.NEGATIVE_INFINITY, 5_000, 'outside'],
])('%s and a fix %d m deep, good to %s m, is %s', (state, ...[depthMeters, accuracy, next]) => {
  expect(nextFenceState(state, { depthMeters, accuracy })).toBe(next);
});

test('who stands on the edge crosses it once at most, whatever the receiver errs within its accuracy', () => {
  const accuracy = fc.integer({ min: 1, max: 300 });
  const jitters = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 });
  fc.assert(
    fc.property(accuracy, jitters, (meters, errors) => {
      let state: FenceState = 'outside';
      let crossings = 0;
      for (const error of errors) {
        const next = nextFenceState(state, { depthMeters: error * meters, accuracy: meters });
        if ((next === 'inside') !== (state === 'inside')) crossings += 1;
        state = next;
      }
      expect(crossings).toBeLessThanOrEqual(1);
    }),
  );
});
