import fc from 'fast-check';
import { generate, type IPublishPacket } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { publishFrameAt } from '../../src/ingest/broker/publish-frame.ts';

const publish = (over: Partial<IPublishPacket> = {}): Buffer =>
  generate({
    cmd: 'publish',
    topic: 'tianliang/sensors/气象站-1/reading',
    payload: '{"at":1}',
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false,
    ...over,
  });

test('a message is read where it begins, as the library reads it', () => {
  const cases = fc.record({
    topic: fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }).filter((text) => text.isWellFormed()),
    payload: fc.uint8Array({ maxLength: 40_000 }),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    dup: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, fc.integer({ min: 0, max: 50 }), ({ payload, ...rest }, before) => {
      const packet = publish({ ...rest, payload: Buffer.from(payload) });
      const bytes = Buffer.concat([Buffer.alloc(before, 0x32), packet, Buffer.alloc(9)]);
      const { id, topic, payload: read, end } = publishFrameAt(bytes, before) ?? {};
      expect({ id, topic, end }).toEqual({ id: rest.messageId, topic: rest.topic, end: before + packet.length });
      expect(read?.equals(Buffer.from(payload))).toBe(true);
    }),
  );
});

test.each([
  ['QoS 0', publish({ qos: 0 })],
  ['QoS 2', publish({ qos: 2 })],
  ['QoS 3', Buffer.concat([Buffer.from([0x36]), publish().subarray(1)])],
  ['one to be retained', publish({ retain: true })],
  ['another packet', generate({ cmd: 'pingreq' })],
  ['packet id 0', Buffer.from([0x32, 5, 0, 1, 0x61, 0, 0])],
  ['a topic longer than the packet', Buffer.from([0x32, 5, 0, 9, 0x61, 0, 1])],
  ['no room for a packet id', Buffer.from([0x32, 3, 0, 1, 0x61, 0, 1])],
  ['no room for a topic', Buffer.from([0x32, 1, 0, 0, 0, 0, 0])],
  ['nothing in it', Buffer.from([0x32, 0, 0, 1])],
  ['a length of four bytes', Buffer.from([0x32, 0x80, 0x80, 0x80, 0x01, 0, 1, 0x61, 0, 1])],
  ['nothing more', Buffer.from([0x32])],
])('%s is left to the broker', (_, bytes) => {
  expect(publishFrameAt(bytes, 0)).toBeUndefined();
});

test('one that is cut short is left to the broker, wherever it is cut', () => {
  const packet = publish({ payload: 'x'.repeat(300) });
  for (let length = 0; length < packet.length; length += 1)
    expect(publishFrameAt(packet.subarray(0, length), 0)).toBeUndefined();
});
