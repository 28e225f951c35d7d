import { expect, test } from 'vitest';
import { DialGate } from '../../src/streams/camera/dial-gate.ts';
import { PictureWatch } from '../../src/streams/camera/picture-watch.ts';
import { LatestSlot } from '../../src/streams/frames/latest-slot.ts';
import { PictureMemory } from '../../src/streams/frames/picture-memory.ts';
import { type YuvPicture, YuvReader } from '../../src/streams/frames/yuv-reader.ts';
import type { AccessUnit } from '../../src/streams/rtp/nal.ts';
import { failureOf } from '../../src/streams/stream-failure.ts';
import { knowsNoHevcInFlv } from '../../src/streams/viewing/old-players.ts';
import { h264Sets, sets, slice } from './rtp/packets.ts';

const unit = (mark: number): AccessUnit => ({
  codec: 'h264',
  key: true,
  nals: [slice(mark, { key: true })],
  parameters: { sps: sets.h264Sps, pps: h264Sets.slice(1) },
  timestamp: mark,
  afterLoss: false,
});

test('a picture is live, then old, frozen or dead, by the clock', () => {
  const watch = new PictureWatch(0);
  expect(watch.verdict(9_000)).toBe('starting');
  for (let now = 9_000; now <= 19_000; now += 500) watch.packet(now);
  expect([watch.verdict(18_500), watch.verdict(19_000)]).toEqual(['starting', 'no_keyframe']);
  for (let now = 20_000; now <= 49_500; now += 500) {
    watch.packet(now);
    watch.picture(unit(1), now);
  }
  expect([watch.verdict(49_000), watch.verdict(49_500)]).toEqual(['fresh', 'frozen']);
  watch.packet(50_000);
  watch.picture(unit(2), 50_000);
  expect([watch.verdict(50_000), watch.verdict(59_000)]).toEqual(['fresh', 'fresh']);
  expect([watch.verdict(59_500), watch.verdict(69_500)]).toEqual(['no_packets', 'no_packets']);
  expect(watch.verdict(70_000)).toBe('dead');
});

test('at most so many dial at once; one that gives up hands its turn on', async () => {
  const gate = new DialGate(2);
  const { signal } = new AbortController();
  const leave = await Promise.all([gate.enter(signal), gate.enter(signal)]);
  const impatient = new AbortController();
  const [third, fourth] = [gate.enter(impatient.signal), gate.enter(signal)];
  impatient.abort();
  expect(await third).toBeUndefined();
  let inside = false;
  void fourth.then(() => {
    inside = true;
  });
  await Promise.resolve();
  expect(inside).toBe(false);
  leave[0]?.();
  leave[0]?.();
  expect(await fourth).toBeTypeOf('function');
});

test('pictures come out of a pipe whatever its chunks, each with its own size', () => {
  const stream = Buffer.concat([
    Buffer.from('P5\n2 3\n255\n'),
    Buffer.from([1, 2, 3, 4, 5, 6]),
    Buffer.from('P5\n2 6\n255\n'),
    Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
  ]);
  for (const size of [1, 5, 100]) {
    const pictures: YuvPicture[] = [];
    const reader = new YuvReader((picture) => pictures.push(picture), new PictureMemory());
    for (let at = 0; at < stream.length; at += size) reader.push(stream.subarray(at, at + size));
    expect(pictures.map(({ width, height, yuv }) => [width, height, ...yuv])).toEqual([
      [2, 2, 1, 2, 3, 4, 5, 6],
      [2, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    ]);
  }
  expect(() => new YuvReader(() => undefined, new PictureMemory()).push(Buffer.alloc(80, 'x'))).toThrow(RangeError);
});

test('the latest value wins and an abort ends the wait', async () => {
  const slot = new LatestSlot<number>();
  const ending = new AbortController();
  slot.put(1);
  slot.put(2);
  expect(await slot.take(ending.signal)).toBe(2);
  const next = slot.take(ending.signal);
  ending.abort();
  expect(await next).toBeUndefined();
});

test.each([
  ['Lavf/59.27.100', true],
  ['Lavf/60.3.100', true],
  ['Lavf/60.16.100', false],
  ['Lavf/61.7.100', false],
  ['Mozilla/5.0 Lavf/59.1.1', false],
  [undefined, false],
])('whether %s gets bare H.265: %s', (agent, expected) => {
  expect(knowsNoHevcInFlv(agent)).toBe(expected);
});

test('what an unknown error says is never repeated', () => {
  const failure = failureOf(new Error('rtsp://operator:secret@10.0.0.1/ broke'));
  expect(failure.failure).toBe('protocol');
  expect(failure.message).not.toContain('secret');
});
