import { expect, test } from 'vitest';
import { fuzzMediaPorts } from '../streams/rtmp/media-port-fuzz.ts';

test('T20: 100 000 mutated pushes and requests', async () => {
  const { delayMs, machineMs, restarts, waits, answers, pushing } = await fuzzMediaPorts(100_000, Date.now());
  console.log(
    `T20: loop p99 ${delayMs.toFixed(1)} ms (an idle one's ${machineMs.toFixed(1)} ms), relay restarts ${restarts}, slowest ${Math.max(0, ...waits).toFixed(0)} ms`,
  );
  expect([answers, pushing]).toEqual([401, true]);
  expect(delayMs - machineMs).toBeLessThan(100);
  expect(waits).toHaveLength(restarts);
  for (const wait of waits) expect(wait).toBeLessThan(2_000);
});
