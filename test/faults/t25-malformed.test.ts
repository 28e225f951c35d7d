import { expect, test } from 'vitest';
import { floodBroker } from '../ingest/malformed-flood.ts';

test('T25: 1,000 sockets that declare 256 MB and 100,000 mutated packets, beside a healthy device', async () => {
  const seen = await floodBroker({ sockets: 1_000, packets: 100_000, usual: 60_000 });
  console.log(
    [
      `T25: memory held ${seen.heldMiB.toFixed(1)} MiB more than before, resident ${seen.grownMiB.toFixed(0)} MiB more`,
      `healthy: ${seen.acknowledged} acknowledged, p99 ${seen.p99Ms.toFixed(1)} ms`,
      `${seen.cutOff} connections of the mad device ended`,
      `refused: ${JSON.stringify(seen.refused)}`,
      `${seen.lines} lines of log`,
    ].join('; '),
  );
  expect([seen.connected, seen.acknowledged]).toEqual([true, seen.accepted]);
  expect(seen.refused['frame-too-large']).toBeGreaterThanOrEqual(1_100);
  expect(seen.p99Ms).toBeLessThan(1_000);
  expect(seen.heldMiB).toBeLessThan(20);
  expect(seen.grownMiB).toBeLessThan(20);
});
