import { expect, test } from 'vitest';
import { watchSlowReaders } from '../ingest/slow-readers.ts';

test('T28: a device frozen, one at 1 KB a second and 100 away, 3,000 commands of 10 KB to each', async () => {
  const run = { away: 100, messages: 3_000, payloadBytes: 10_000 };
  const seen = await watchSlowReaders(run);
  console.log(
    [
      `T28: healthy heard ${seen.healthyHeard} of ${run.messages}, the slowest round of commands took ${seen.slowestMs.toFixed(0)} ms`,
      `dropped ${JSON.stringify(seen.dropped)}`,
      `waiting ${seen.waitingEach} messages, ${(seen.bytesEach / 1024).toFixed(0)} KiB a session`,
      `memory +${seen.grownMiB.toFixed(0)} MiB`,
    ].join('; '),
  );
  expect([seen.healthyHeard, seen.frozenConnected]).toEqual([run.messages, true]);
  expect(seen.slowestMs).toBeLessThan(3_000);
  expect(seen.dropped['not-reading'] ?? 0).toBeGreaterThan(1_000);
  expect(seen.waitingEach).toBeLessThanOrEqual(1_000);
  expect(seen.bytesEach).toBeLessThanOrEqual(1024 * 1024);
  // A hundred sessions of 1 MiB and what waits to be collected; all that was sent to them is 3 GB.
  expect(seen.grownMiB).toBeLessThan(600);
});
