import { expect, test } from 'vitest';
import { evilKinds, neighbourhood } from './evil-cameras.ts';

const mebibyte = 1024 * 1024;

test('evil cameras are marked with what they did, reach nowhere, eat nothing, and their neighbours lose nothing (T21)', async () => {
  const seen = await neighbourhood(evilKinds, 4, 2);
  for (const [n, { cause, message, name }] of evilKinds.entries()) {
    expect(seen.outcomes[n], name).toMatchObject({ cause, sentence: expect.stringMatching(message) });
  }
  expect(JSON.stringify(seen.outcomes)).not.toContain('secret');
  expect(seen.connectionsElsewhere).toBe(0);
  expect(seen.rssPeak - seen.rssBefore).toBeLessThan(150 * mebibyte);
  expect(seen.aired).toBeGreaterThan(100);
  // One picture of each may be under way.
  expect(seen.missing).toBeLessThanOrEqual(4 + seen.aired / 100);
});
