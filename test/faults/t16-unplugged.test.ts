import { expect, test } from 'vitest';
import { unplug } from '../streams/flapping/flapping.ts';

test('T16: five cameras without power for an hour are shown so, dialled less and less, and cost nothing', async () => {
  const hourMs = 3_600_000;
  const { dark, early, late, back, dials, most } = await unplug(5, hourMs);
  console.log('T16, an hour without power', { dials, most, dark, early, late, back });
  expect(dark.phases).not.toContain('live');
  expect(back.phases).toEqual(['live']);
  expect(most).toBe(1);
  // Full jitter up to a minute: half a minute on average, and never longer than one.
  const attempts = (late.attempts - early.attempts) / 5;
  expect(attempts).toBeGreaterThan(((5 / 6) * hourMs) / 65_000 - 2);
  expect(attempts).toBeLessThan(((5 / 6) * hourMs) / 15_000);
  for (const kind of ['timers', 'sockets', 'files', 'children'] as const)
    expect(late[kind]).toBeLessThanOrEqual(early[kind] + 5);
  expect(late.lines).toBeLessThanOrEqual(late.changes + 1);
  expect(late.heapUsed - early.heapUsed).toBeLessThanOrEqual(1_024 * (late.attempts - early.attempts));
}, 4_800_000);
