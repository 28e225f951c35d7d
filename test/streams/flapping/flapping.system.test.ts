import { expect, test } from 'vitest';
import { flap } from './flapping.ts';

test('five cameras that lose power twenty times leave nothing behind, and never have two connections', async () => {
  const { before, end, after, dials, most } = await flap({
    cameras: 5,
    upMs: 300,
    downMs: 300,
    cycles: 20,
    warmAfter: 10,
  });
  expect(dials).toBeGreaterThan(50);
  expect(most).toBe(1);
  expect(after.phases).toEqual(['idle']);
  const held = ({ timers, sockets, files, children }: typeof before) => ({ timers, sockets, files, children });
  expect(held(after)).toEqual(held(before));
  expect(end.lines).toBeLessThanOrEqual(end.changes + 1);
});
