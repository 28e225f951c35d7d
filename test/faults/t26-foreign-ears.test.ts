import { expect, test } from 'vitest';
import { attackBroker } from '../ingest/foreign-ears.ts';

test('T26: 50 devices try every way to hear, speak and come in as another', async () => {
  const seen = await attackBroker({ devices: 50, rounds: 5 });
  console.log(
    [
      `T26: ${seen.letIn.length} let in, ${seen.foreignHeard.length} foreign messages heard, ${seen.foreignTaken.length} taken`,
      `all 50 cut off ${seen.revokedWithinMs.toFixed(0)} ms after they were struck off`,
      `refused ${JSON.stringify(seen.refused)}`,
    ].join('; '),
  );
  expect([seen.letIn, seen.foreignHeard, seen.foreignTaken]).toEqual([[], [], []]);
  expect(seen.revokedWithinMs).toBeLessThan(5_000);
});
