import { expect, test } from 'vitest';
import { evilKinds, neighbourhood } from '../streams/evil-cameras.ts';

const mebibyte = 1024 * 1024;
const good = 19;

test.each(evilKinds)('T21: 19 cameras beside one with $name lose less than 1 % of their pictures', async (kind) => {
  const seen = await neighbourhood([kind], good, 20);
  const [outcome] = seen.outcomes;
  const growth = (seen.rssPeak - seen.rssBefore) / mebibyte;
  console.log(
    [
      `T21 ${kind.name}: ${outcome?.cause} in ${Math.round(outcome?.verdictMs ?? 0)} ms`,
      `${seen.missing} of ${seen.aired} pictures missing`,
      `memory +${growth.toFixed(0)} of ${(seen.rssBefore / mebibyte).toFixed(0)} MiB`,
      `${seen.connectionsElsewhere} connections elsewhere`,
    ].join(', '),
  );
  expect(outcome).toMatchObject({ cause: kind.cause, sentence: expect.stringMatching(kind.message) });
  expect(seen.connectionsElsewhere).toBe(0);
  expect(growth).toBeLessThan(128);
  expect(seen.aired).toBeGreaterThan(good * 20 * 15);
  expect(seen.missing).toBeLessThan(good + seen.aired / 100);
});
