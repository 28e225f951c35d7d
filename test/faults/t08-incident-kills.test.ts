import { expect, test } from 'vitest';
import { killRounds } from '../dispatch/incidents/kill-rounds.ts';

const kills = 200;

test('T08: 200 kills during incident and dispatch transitions, model and store equal after each', async () => {
  const { answered, silent } = await killRounds(kills);
  console.log(
    `T08: ${kills} kills, ${answered} answered commands, ${silent} stored but not answered, none lost or done twice`,
  );
  expect(answered).toBeGreaterThan(kills * 5);
});
