import { expect, test } from 'vitest';
import { Gate } from '../../src/live/gate.ts';

test('only so many are inside at once, the others enter in their order, also after a failure', async () => {
  const gate = new Gate(2);
  let inside = 0;
  let most = 0;
  const entered: number[] = [];
  const work = (n: number) => async () => {
    entered.push(n);
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    inside -= 1;
    if (n === 1) throw new Error('no');
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((n) => gate.run(work(n))));
  expect(most).toBe(2);
  expect(entered).toEqual([0, 1, 2, 3, 4, 5]);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
