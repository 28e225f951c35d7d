import { expect, test } from 'vitest';
import { watchInCrowd } from './crowd.ts';

test('viewers that never read, or read a tenth, cost nobody else a picture (T19 in short)', async () => {
  const seen = await watchInCrowd({ each: 10, bitrate: 8_000_000, seconds: 22 });
  expect(seen.frozenEnds).toEqual(Array(10).fill('blocked'));
  expect(seen.slowEnds.filter((reason) => reason !== 'blocked')).toEqual([]);
  expect(seen.slowDropped).toBeGreaterThan(100);
  expect([seen.halfEnds, seen.wrongStarts, seen.dials]).toEqual([[], 0, 1]);
  expect(seen.halfDropped).toBeGreaterThan(10);
  expect(seen.healthyLostPercent).toBeLessThan(1);
  expect(seen.healthyPictures).toBeGreaterThan(0.97);
  expect(seen.publishedPercent).toBeGreaterThan(99);
  expect(seen.grownMiB).toBeLessThan(seen.allowedMiB);
});
