import { expect, test } from 'vitest';
import { killRounds } from './kill-rounds.ts';

test('T08 in short: after kill -9 every answered command is there once with its ledger row, the rest wholly or not at all', async () => {
  const { answered } = await killRounds(4);
  expect(answered).toBeGreaterThan(20);
});
