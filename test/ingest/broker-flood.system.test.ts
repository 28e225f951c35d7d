import { expect, test } from 'vitest';
import { floodBroker } from './malformed-flood.ts';

test('through strangers and a device gone mad, a healthy device is acknowledged (T25)', {
  timeout: 60_000,
}, async () => {
  const seen = await floodBroker({ sockets: 200, packets: 2_000, usual: 2_000 });
  expect(seen.connected).toBe(true);
  expect(seen.acknowledged).toBe(seen.accepted);
  expect(seen.acknowledged).toBeGreaterThan(5);
  expect(seen.refused['frame-too-large']).toBeGreaterThanOrEqual(220);
  expect(seen.cutOff).toBeGreaterThan(10);
  // Each connection that was ended was ended for a reason that is counted; a few packets became a DISCONNECT.
  const ended = (['frame-too-large', 'malformed-frame', 'protocol-error'] as const).map(
    (why) => seen.refused[why] ?? 0,
  );
  expect(ended.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(220 + Math.floor(seen.cutOff * 0.95));
  expect(seen.heldMiB).toBeLessThan(20);
});
