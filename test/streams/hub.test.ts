import { expect, test } from 'vitest';
import type { HubViewer, ViewerEnd } from '../../src/streams/hub/hub-viewer.ts';
import { StreamHub } from '../../src/streams/hub/stream-hub.ts';
import { ViewerQueue } from '../../src/streams/hub/viewer-queue.ts';
import type { AccessUnit } from '../../src/streams/rtp/nal.ts';
import { sets, slice } from './rtp/packets.ts';

const parameters = { sps: sets.h264Sps, pps: [sets.h264Pps] };

function unit(index: number, { key = false, bytes = 100 } = {}): AccessUnit {
  const nals = [Buffer.concat([slice(index & 0xff, { key }), Buffer.alloc(bytes, 1)])];
  return { codec: 'h264', key, nals, parameters, timestamp: (index * 3_600) >>> 0, afterLoss: false };
}

const picture = (bytes: number, key = false, config = Buffer.from('config')) => ({
  data: Buffer.alloc(bytes),
  key,
  decodeMs: 0,
  config,
});

/** A viewer that takes what it is told to. */
class Tap {
  readonly taken: Buffer[] = [];
  open = true;
  reason: ViewerEnd | undefined;
  write = (data: Buffer) => {
    this.taken.push(data);
    return this.open;
  };
  end = (reason: ViewerEnd) => {
    this.reason = reason;
  };
}

const ignore = (_viewer: HubViewer, _reason: ViewerEnd) => undefined;

test('viewers share the very same tags; a late one starts with the newest key picture at once', () => {
  const hub = new StreamHub();
  const first = new Tap();
  hub.view(first, ignore);
  for (let index = 0; index < 8; index += 1) hub.publish(unit(index, { key: index % 4 === 0 }));
  const late = new Tap();
  hub.view(late, ignore);
  expect(late.taken).toHaveLength(2 + 4);
  expect(late.taken.slice(2).every((tag, index) => tag === first.taken[2 + 4 + index])).toBe(true);
  expect(late.taken[0]?.subarray(0, 3).toString()).toBe('FLV');
});

test('a viewer that does not read never holds up another, and is let go after 10 s', ({ onTestFinished }) => {
  const now = performance.now();
  const clock = { ms: now };
  const original = performance.now;
  performance.now = () => clock.ms;
  onTestFinished(() => {
    performance.now = original;
  });
  const hub = new StreamHub();
  const [healthy, frozen] = [new Tap(), new Tap()];
  frozen.open = false;
  hub.view(healthy, ignore);
  const viewer = hub.view(frozen, ignore);
  for (let index = 0; index < 300; index += 1) {
    clock.ms += 40;
    hub.publish(unit(index, { key: index % 25 === 0, bytes: 20_000 }));
  }
  expect(healthy.taken).toHaveLength(300 + 2);
  expect(frozen.taken).toHaveLength(1);
  expect([frozen.reason, hub.viewers]).toEqual(['blocked', 1]);
  expect(viewer.dropped).toBeGreaterThan(100);
  expect(hub.dropped).toBe(viewer.dropped);
});

test('a viewer too slow goes on with a key picture and its sequence header', () => {
  const queue = new ViewerQueue({ maxBytes: 1_000, maxWaitMs: 3_000 });
  queue.push(picture(400, true), 0);
  queue.push(picture(400), 10);
  queue.push(picture(400), 20);
  expect([queue.bytes, queue.shift()]).toEqual([0, undefined]);
  queue.push(picture(100), 30);
  expect(queue.shift()).toBeUndefined();
  queue.push(picture(300, true), 40);
  expect([queue.shift()?.data.toString(), queue.shift()?.data.length]).toEqual(['config', 300]);
  expect(queue.dropped).toBeGreaterThanOrEqual(4);
});

test('a picture that waited 3 s is not sent any more', () => {
  const queue = new ViewerQueue();
  queue.push(picture(10, true), 0);
  queue.push(picture(10), 3_100);
  expect(queue.shift()).toBeUndefined();
});

test('a group larger than what a viewer may fall behind is there in full for a late one', () => {
  const hub = new StreamHub();
  for (let index = 0; index < 5; index += 1) hub.publish(unit(index, { key: index === 0, bytes: 1_000_000 }));
  const late = new Tap();
  const viewer = hub.view(late, ignore);
  hub.publish(unit(5, { bytes: 1_000_000 }));
  expect([late.taken.length, viewer.dropped]).toEqual([2 + 6, 0]);
});

test('a group of more than 6 MiB is not kept: a late viewer starts with the next key picture', () => {
  const hub = new StreamHub();
  for (let index = 0; index < 7; index += 1) hub.publish(unit(index, { key: index === 0, bytes: 1_000_000 }));
  const late = new Tap();
  hub.view(late, ignore);
  expect(late.taken).toEqual([]);
  hub.publish(unit(7));
  expect(late.taken).toHaveLength(1);
  hub.publish(unit(8, { key: true }));
  expect(late.taken).toHaveLength(3);
});

const aac = Buffer.from('1408', 'hex');
const sound = (index: number) => ({
  codec: 'aac' as const,
  data: Buffer.from(`sound ${index}`),
  timestamp: index * 1_024,
  clockRate: 16_000,
  channels: 1,
});
const kinds = (tap: Tap) =>
  tap.taken.map((tag) => (tag.subarray(0, 3).toString() === 'FLV' ? `FLV ${tag[4]}` : tag[0]));

test('sound is promised to who wants it and only when there is some; its header comes before the first picture', () => {
  const hub = new StreamHub();
  const [before, listener, other] = [new Tap(), new Tap(), new Tap()];
  hub.view(before, ignore);
  hub.publish(unit(0, { key: true }));
  hub.announceSound({ config: aac, channels: 1 });
  hub.view(listener, ignore);
  hub.view(other, ignore, { audio: false });
  expect(hub.listeners).toBe(2);
  hub.publishSound(sound(0), performance.now());
  expect(kinds(before)).toEqual(['FLV 1', 9, 9]);
  expect(kinds(listener)).toEqual(['FLV 5', 8, 9, 9, 8]);
  expect(kinds(other)).toEqual(['FLV 1', 9, 9]);
  expect(listener.taken[0]?.includes('audiocodecid')).toBe(true);
});

test('who comes to a stream that nobody listened to hears silence up to now; the next one what the first heard', () => {
  const hub = new StreamHub();
  hub.announceSound({ config: aac, channels: 1 });
  for (let index = 0; index < 5; index += 1) hub.publish(unit(index, { key: index === 0 }));
  const [first, second] = [new Tap(), new Tap()];
  hub.view(first, ignore);
  expect(kinds(first)).toEqual(['FLV 5', 8, 9, 9, 9, 9, 8, 9, 9, 8]);
  const times = first.taken.slice(1).map((tag) => tag.readUIntBE(4, 3));
  expect(Math.max(...times)).toBeLessThanOrEqual(
    Math.max(...first.taken.slice(3, 9).map((tag) => tag.readUIntBE(4, 3))),
  );
  hub.view(second, ignore);
  expect(second.taken.map((tag) => tag.toString('hex'))).toEqual(first.taken.map((tag) => tag.toString('hex')));
});

test('who is too slow gets no sound without its picture, and the header again with both', () => {
  const queue = new ViewerQueue({ maxBytes: 1_000, maxWaitMs: 3_000 });
  const tone = { data: Buffer.alloc(300), config: Buffer.from('aac') };
  queue.push(picture(400, true), 0);
  queue.pushSound(tone, 0);
  queue.push(picture(400), 10);
  queue.pushSound(tone, 20);
  expect(queue.shift()).toBeUndefined();
  queue.push(picture(100, true), 30);
  queue.pushSound(tone, 40);
  const sizes = [1, 2, 3, 4].map(() => queue.shift()?.data.length);
  expect(sizes).toEqual([6, 100, 3, 300]);
  expect(queue.dropped).toBe(2);
});

test('closing ends every viewer', () => {
  const hub = new StreamHub();
  const tap = new Tap();
  hub.view(tap, ignore);
  hub.close();
  expect([tap.reason, hub.viewers, hub.key]).toEqual(['closed', 0, undefined]);
});
