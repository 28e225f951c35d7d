import { expect, test } from 'vitest';
import { checkValue } from '../../src/shared/check-value.ts';
import { VideoConfig } from '../../src/streams/video-config.ts';

test('two streams may be transcoded at once unless the configuration says else', () => {
  const silent = checkValue(VideoConfig, {});
  expect(silent.ok && silent.value.transcoders).toBe(2);
  const none = checkValue(VideoConfig, { transcoders: 0 });
  expect(none.ok && none.value.transcoders).toBe(0);
});

test.each([-1, 65, 'many'])('%s transcoders are refused, and what was expected is said', (transcoders) => {
  const checked = checkValue(VideoConfig, { transcoders });
  expect(checked.ok ? [] : checked.issues).toMatchObject([
    { path: ['transcoders'], message: expect.stringContaining('0 to 64') },
  ]);
});
