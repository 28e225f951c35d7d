import { test } from 'vitest';
import { openWatched, until } from './stale-pictures.ts';

/** The same order as in production, in a tenth of the time. */
const limits = { silentMs: 950, keylessMs: 2_500, frozenMs: 2_000, deadMs: 2_200 };

test.concurrent('timestamps that jump a day ahead and two back are no new time for who watches', async ({ expect }) => {
  await using watched = await openWatched(limits);
  await until(watched, { phase: 'live' }, 15_000);
  for (const seconds of [86_400, -172_800]) {
    watched.camera.jumpTimestamps(seconds);
    const { length } = watched.tags.times;
    await expect.poll(() => watched.tags.times.length, { timeout: 15_000 }).toBeGreaterThan(length + 25);
  }
  expect(watched.state()).toMatchObject({ phase: 'live', attempt: 1 });
  expect(watched.tags.largestStep()).toBeLessThan(2_000);
});

test.concurrent('a picture that stands still grows old: its time is that of the last one that was new', async ({
  expect,
}) => {
  await using watched = await openWatched(limits);
  await until(watched, { phase: 'live' }, 15_000);
  watched.camera.freeze();
  await until(watched, { phase: 'stale', cause: 'frozen' }, 15_000);
  const frozenAt = watched.state()?.lastFrameAt;
  const { length } = watched.tags.times;
  await expect.poll(() => watched.tags.times.length, { timeout: 15_000 }).toBeGreaterThan(length + 10);
  expect(watched.state()).toMatchObject({ phase: 'stale', lastFrameAt: frozenAt });
});

test.concurrent('a camera that takes the connection and never answers is waited for, with its cause', async ({
  expect,
}) => {
  await using watched = await openWatched(limits);
  await until(watched, { phase: 'live' }, 15_000);
  watched.camera.hang();
  watched.camera.dropAll();
  await until(watched, { phase: 'waiting', cause: 'timeout' }, 20_000);
  expect(watched.camera.clients).toBeLessThanOrEqual(1);
});
