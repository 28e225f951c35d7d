import { expect, test } from 'vitest';
import { loadedOnce } from '../../src/shared/loaded-once.ts';

test('it is loaded once for all who ask, and again after it failed', async () => {
  let loads = 0;
  const loaded = loadedOnce(async () => {
    loads += 1;
    if (loads === 1) throw new Error('the disk');
  });
  const [first, second] = await Promise.allSettled([loaded(), loaded()]);
  expect([first.status, second.status, loads]).toEqual(['rejected', 'rejected', 1]);
  await Promise.all([loaded(), loaded()]);
  await loaded();
  expect(loads).toBe(2);
});
