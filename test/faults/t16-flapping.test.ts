import { expect, test } from 'vitest';
import { flap } from '../streams/flapping/flapping.ts';

test('T16: 20 cameras, 2 s up and 2 s down, 100 times', async () => {
  const size = { cameras: 20, upMs: 2_000, downMs: 2_000, cycles: 100, warmAfter: 40 };
  const { before, warm, end, after, dials, most } = await flap(size);
  // Cameras that came back. Dials at a camera that is off are cheaper and many: counted too, they would hide a leak.
  const restarts = size.cameras * (size.cycles - size.warmAfter);
  const perRestart = { rss: (end.rss - warm.rss) / restarts, heap: (end.heapUsed - warm.heapUsed) / restarts };
  console.log('T16', { dials, most, restarts, bytesPerRestart: perRestart, before, warm, end, after });
  expect(most).toBe(1);
  expect(after.phases).toEqual(['idle']);
  for (const kind of ['timers', 'sockets', 'files', 'children'] as const) expect(after[kind]).toBe(before[kind]);
  expect(end.lines).toBeLessThanOrEqual(end.changes + 1);
  expect(perRestart.heap).toBeLessThanOrEqual(1_024);
  expect(perRestart.rss).toBeLessThanOrEqual(1_024);
});
