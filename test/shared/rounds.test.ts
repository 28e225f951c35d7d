import { expect, test } from 'vitest';
import { Rounds } from '../../src/shared/rounds.ts';

test('one turn at a time, a turn that fails ends nothing, and close waits for the last', async () => {
  let [running, most, turns] = [0, 0, 0];
  const third = Promise.withResolvers<void>();
  const rounds = new Rounds(1, async () => {
    running += 1;
    turns += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (turns === 3) third.resolve();
    throw new Error('failed');
  });
  rounds.start();
  await third.promise;
  await rounds.close();
  expect([running, most]).toEqual([0, 1]);
});

test('one that is woken has its turn at once, and none once it is closed', async () => {
  let turns = 0;
  const first = Promise.withResolvers<void>();
  const rounds = new Rounds(60_000, async () => {
    turns += 1;
    first.resolve();
  });
  rounds.start();
  rounds.wake();
  await first.promise;
  await rounds.close();
  rounds.wake();
  expect(turns).toBe(1);
});
