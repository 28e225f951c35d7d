import { expect, test } from 'vitest';
import { killInBurst } from '../ingest/killed-ingest.ts';

test('T01: killed five times during a minute of 500 messages a second', async () => {
  const killed = await killInBurst({ devices: 50, kills: 5, between: 4_000, perSecond: 10 });
  console.log('T01', killed);
  const { missing, doubled, callsMissing, callsDoubled } = killed;
  expect({ missing, doubled, callsMissing, callsDoubled }).toEqual({
    missing: 0,
    doubled: 0,
    callsMissing: 0,
    callsDoubled: 0,
  });
  expect(killed.acknowledged).toBeGreaterThan(20_000);
  expect(killed.slowestReadyMs).toBeLessThan(10_000);
});
