import { expect, test } from 'vitest';
import { watchInCrowd } from '../streams/viewing/crowd.ts';

test('T19: 50 viewers never read and 50 read a tenth, during 50 healthy ones, over HTTP and WebSockets', async () => {
  const seen = await watchInCrowd({ each: 50, bitrate: 4_000_000, seconds: 90 });
  console.log(
    [
      `T19: ${seen.frozenEnds.length} frozen viewers closed after ${seen.frozenSeconds.toFixed(0)} s`,
      `${seen.slowEnds.length} of the slow ones too, ${seen.slowDropped} pictures left out for them`,
      `half speed: ${seen.halfDropped} left out, ${seen.wrongStarts} wrong starts`,
      `healthy lost ${seen.healthyLostPercent.toFixed(2)} %, the least got ${(100 * seen.healthyPictures).toFixed(1)} %`,
      `the camera's pictures taken: ${seen.publishedPercent.toFixed(1)} %`,
      `memory +${seen.grownMiB.toFixed(0)} of ${seen.allowedMiB} MiB`,
    ].join(', '),
  );
  expect(seen.frozenEnds).toEqual(Array(50).fill('blocked'));
  expect(seen.slowEnds.filter((reason) => reason !== 'blocked')).toEqual([]);
  expect(seen.slowDropped).toBeGreaterThan(1_000);
  expect([seen.halfEnds, seen.wrongStarts, seen.dials]).toEqual([[], 0, 1]);
  expect(seen.healthyLostPercent).toBeLessThan(1);
  expect(seen.healthyPictures).toBeGreaterThan(0.99);
  expect(seen.publishedPercent).toBeGreaterThan(99);
  expect(seen.grownMiB).toBeLessThan(seen.allowedMiB);
});
