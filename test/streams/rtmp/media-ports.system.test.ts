import { expect, test } from 'vitest';
import { fuzzMediaPorts } from './media-port-fuzz.ts';

test('thousands of mutated pushes and requests leave the house serving, and its loop free', async () => {
  const { delayMs, machineMs, restarts, waits, answers, pushing } = await fuzzMediaPorts(3_000, 20_261_121);
  expect([answers, pushing]).toEqual([401, true]);
  expect(delayMs - machineMs).toBeLessThan(100);
  expect(waits).toHaveLength(restarts);
  for (const wait of waits) expect(wait).toBeLessThan(2_000);
}, 240_000);
