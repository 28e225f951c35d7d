import { expect, test } from 'vitest';
import { openWatched, until } from '../streams/camera/stale-pictures.ts';

test('T17: no packets, the same picture, no answer and timestamps that jump, at the real limits', async () => {
  await using watched = await openWatched();
  const { camera, tags } = watched;
  const figures: Record<string, number> = {};
  const live = async () => await until(watched, { phase: 'live' }, 90_000);
  figures.liveMs = await live();
  camera.silence();
  figures.noPacketsMs = await until(watched, { phase: 'stale', cause: 'no_packets' }, 30_000);
  await camera.restore();
  await live();
  camera.freeze();
  figures.frozenMs = await until(watched, { phase: 'stale', cause: 'frozen' }, 60_000);
  await camera.restore();
  await live();
  camera.hang();
  camera.dropAll();
  figures.noAnswerMs = await until(watched, { phase: 'waiting', cause: 'timeout' }, 60_000);
  await camera.restore();
  await live();
  const before = tags.times.length;
  for (const seconds of [86_400, -172_800]) {
    camera.jumpTimestamps(seconds);
    const { length } = tags.times;
    await expect.poll(() => tags.times.length, { timeout: 30_000 }).toBeGreaterThan(length + 50);
  }
  figures.largestJumpMs = tags.largestStep(before);
  console.log('T17', figures);
  expect(watched.state()?.phase).toBe('live');
  expect(figures.noPacketsMs).toBeLessThanOrEqual(10_200);
  expect(figures.frozenMs).toBeLessThanOrEqual(30_200);
  expect(figures.largestJumpMs).toBeLessThan(2_000);
});
