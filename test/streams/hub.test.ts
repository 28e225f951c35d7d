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
  expect([queue.shift()?.toString(), queue.shift()?.length]).toEqual(['config', 300]);
  expect(queue.dropped).toBeGreaterThanOrEqual(4);
});

test('a picture that waited 3 s is not sent any more', () => {
  const queue = new ViewerQueue();
  queue.push(picture(10, true), 0);
  queue.push(picture(10), 3_100);
  expect(queue.shift()).toBeUndefined();
});

test('a group too large is not kept: the late viewer waits for the next key picture', () => {
  const hub = new StreamHub();
  hub.publish(unit(0, { key: true, bytes: 1_000_000 }));
  hub.publish(unit(1, { bytes: 1_000_000 }));
  const late = new Tap();
  hub.view(late, ignore);
  expect(late.taken).toEqual([]);
  hub.publish(unit(2));
  expect(late.taken).toHaveLength(1);
  hub.publish(unit(3, { key: true }));
  expect(late.taken).toHaveLength(3);
});

test('closing ends every viewer', () => {
  const hub = new StreamHub();
  const tap = new Tap();
  hub.view(tap, ignore);
  hub.close();
  expect([tap.reason, hub.viewers, hub.key]).toEqual(['closed', 0, undefined]);
});
