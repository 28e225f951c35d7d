import { expect, test } from 'vitest';
import { CrashBreaker } from '../../src/shared/crash-breaker.ts';

test('a process that dies is left alone longer and longer, and a minute after the sixth death in one', () => {
  const breaker = new CrashBreaker(() => 1);
  const delays = [0, 1, 2, 3, 4, 5].map((second) => breaker.crashed(second * 1_000));
  expect(delays.map(({ delayMs }) => delayMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 60_000]);
  expect(delays.map(({ open }) => open)).toEqual([false, false, false, false, false, true]);
  expect(breaker.crashed(200_000).open).toBe(false);
});
