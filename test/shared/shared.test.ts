import { expect, test } from 'vitest';
import { maySee, systemActor } from '../../src/shared/actor.ts';
import { retryDelayMs } from '../../src/shared/backoff.ts';
import { BoundedQueue } from '../../src/shared/bounded-queue.ts';
import { endChild, spawnChild } from '../../src/shared/child.ts';
import { ErrorTally } from '../../src/shared/error-tally.ts';
import { takeEnvironment } from '../../src/shared/own-environment.ts';

test('the retry delay doubles to its limit and is spread over all of it', () => {
  const backoff = { baseMs: 1_000, maxMs: 60_000 };
  const ceilings = [0, 1, 2, 10, 1_000].map((attempt) => retryDelayMs(backoff, attempt, () => 1));
  expect(ceilings).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
  expect(retryDelayMs(backoff, 5, () => 0)).toBe(0);
});

test('a full queue drops its oldest and says how many', () => {
  const queue = new BoundedQueue<number>(2);
  for (const item of [1, 2, 3]) queue.push(item);
  expect([queue.shift(), queue.shift(), queue.shift(), queue.dropped]).toEqual([2, 3, undefined, 1]);
});

test('a thousand errors are one report with the last of them', () => {
  const reports: string[] = [];
  const tally = new ErrorTally((count, last) => reports.push(`${count} ${last.message}`));
  for (let error = 1; error <= 1_000; error += 1) tally.add(new Error(`number ${error}`));
  tally.close();
  tally.close();
  expect(reports).toEqual(['1000 number 1000']);
});

test('an actor sees its areas and what has none', () => {
  const west = { ...systemActor, areas: ['west'] };
  expect([maySee(west, 'west'), maySee(west, 'east'), maySee(west, undefined), maySee(systemActor, 'east')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test('a child that ignores TERM is killed after the grace, and ending it twice is safe', async () => {
  const child = spawnChild(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']);
  await new Promise((resolve) => child.once('spawn', resolve));
  await endChild(child, 200);
  await endChild(child, 200);
  expect(child.signalCode ?? child.exitCode).not.toBeNull();
});

test('the environment is ours alone: nobody inherits more than paths, language and devices', () => {
  const env = { PATH: '/bin', LC_ALL: 'C', LIBVA_DRIVER_NAME: 'iHD', CAMERA_PASSWORD: 'lao-ying-27', PATH_KEY: 'x' };
  expect(takeEnvironment(env)).toMatchObject({ PATH: '/bin', CAMERA_PASSWORD: 'lao-ying-27' });
  expect(env).toEqual({ PATH: '/bin', LC_ALL: 'C', LIBVA_DRIVER_NAME: 'iHD' });
});
