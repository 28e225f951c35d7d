import { expect, test } from 'vitest';
import { SenderClock } from '../../../src/streams/rtsp/sender-clock.ts';

const now = Date.parse('2026-05-01T12:00:00Z');

test('ticks before, after and across the wrap of 32 bits become the wall time of the camera', () => {
  const clock = new SenderClock(90_000);
  expect(clock.wallTime(5)).toBeUndefined();
  clock.take({ timestamp: 0xffff_fff0, wallMs: now - 3_000 }, now);
  expect(clock.wallTime(0xffff_fff0)).toEqual(new Date(now - 3_000));
  expect(clock.wallTime((0xffff_fff0 + 90_000) >>> 0)).toEqual(new Date(now - 2_000));
  expect(clock.wallTime(0xffff_fff0 - 45_000)).toEqual(new Date(now - 3_500));
});

test.each([
  ['1970', 0],
  ['2000', Date.parse('2000-01-01T00:05:00Z')],
  ['the day before yesterday', now - 48 * 3_600_000],
  ['next week', now + 7 * 24 * 3_600_000],
])('a camera that believes it is %s has no clock', (_, wallMs) => {
  const clock = new SenderClock(8_000);
  clock.take({ timestamp: 1, wallMs: now }, now);
  clock.take({ timestamp: 1, wallMs }, now);
  expect(clock.wallTime(1)).toBeUndefined();
});
