import { expect, test } from 'vitest';
import { killInBurst } from './killed-ingest.ts';

test('killed five times in a burst: what was acknowledged is stored once, and every SOS is delivered (T01)', async () => {
  const {
    acknowledged,
    calls,
    slowestReadyMs: _,
    ...faults
  } = await killInBurst({ devices: 5, kills: 5, between: 100 });
  expect(acknowledged).toBeGreaterThan(500);
  expect(calls).toBeGreaterThan(50);
  expect(faults).toEqual({ missing: 0, doubled: 0, callsMissing: 0, callsDoubled: 0 });
}, 180_000);
