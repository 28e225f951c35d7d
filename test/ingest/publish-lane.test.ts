import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { type LaneOptions, PublishLane } from '../../src/ingest/broker/publish-lane.ts';

const publish = (messageId: number, topic = 'a') =>
  generate({ cmd: 'publish', topic, payload: '{}', qos: 1, messageId, dup: false, retain: false });
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A lane, and by hand what would be the disk and the device. */
function lane(over: Partial<LaneOptions> = {}) {
  const taken = new Map<number, PromiseWithResolvers<void>>();
  const acknowledged: number[][] = [];
  const failures: string[] = [];
  let drained = 0;
  const it = new PublishLane(
    {
      mayTake: (topic) => topic !== 'heard',
      isCall: (topic) => topic === 'sos',
      restMs: Number.POSITIVE_INFINITY,
      take: ({ id }) => {
        const done = Promise.withResolvers<void>();
        taken.set(id, done);
        return done.promise;
      },
      ...over,
    },
    {
      acknowledge: (packets) => {
        const ids = Array.from({ length: packets.length / 4 }, (_, n) => packets.readUInt16BE(4 * n + 2));
        acknowledged.push(ids);
      },
      drained: () => {
        drained += 1;
      },
      failed: (error) => failures.push(error.message),
    },
  );
  return { lane: it, taken, acknowledged, failures, drained: () => drained };
}

test('what is on disk together is acknowledged in one piece, in the order it came', async () => {
  const rig = lane();
  const bytes = Buffer.concat([publish(1), publish(2), publish(3)]);
  expect(rig.lane.takeFrom(bytes)).toBe(bytes.length);
  rig.taken.get(2)?.resolve();
  await settled();
  expect(rig.acknowledged).toEqual([]);
  rig.taken.get(1)?.resolve();
  await settled();
  expect(rig.acknowledged).toEqual([[1, 2]]);
  rig.taken.get(3)?.resolve();
  await settled();
  expect(rig.acknowledged).toEqual([[1, 2], [3]]);
  expect(rig.lane.isEmpty).toBe(true);
});

test('a call for help is acknowledged before what came before it', async () => {
  const rig = lane();
  rig.lane.takeFrom(Buffer.concat([publish(1), publish(2, 'sos')]));
  rig.taken.get(2)?.resolve();
  await settled();
  expect(rig.acknowledged).toEqual([[2]]);
  rig.taken.get(1)?.resolve();
  await settled();
  expect(rig.acknowledged).toEqual([[2], [1]]);
});

test('it stops before what others hear, and when a hundred are on their way', async () => {
  const rig = lane();
  expect(rig.lane.takeFrom(Buffer.concat([publish(1), publish(2, 'heard'), publish(3)]))).toBe(publish(1).length);
  const many = Array.from({ length: 200 }, (_, n) => publish(n + 1_000));
  const end = rig.lane.takeFrom(Buffer.concat(many));
  expect(end).toBe(99 * publish(1_000).length);
  expect(rig.lane.isFull).toBe(true);
  for (const { resolve } of rig.taken.values()) resolve();
  await settled();
  expect(rig.lane.isFull).toBe(false);
  expect(rig.drained()).toBeGreaterThan(0);
});

test('now and then the broker gets a message, so that it sees that the device lives', async () => {
  const rig = lane({ restMs: 20 });
  expect(rig.lane.takeFrom(publish(1))).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(rig.lane.takeFrom(publish(2))).toBe(0);
  expect(rig.lane.takeFrom(publish(2))).toBe(0);
  rig.lane.rest();
  expect(rig.lane.takeFrom(publish(2))).toBeGreaterThan(0);
});

test('what cannot be saved ends the connection, and is not acknowledged', async () => {
  const rig = lane({ take: () => Promise.reject(new Error('disk full')) });
  rig.lane.takeFrom(publish(1));
  await settled();
  expect(rig.failures).toEqual(['disk full']);
  expect(rig.acknowledged).toEqual([]);
});
