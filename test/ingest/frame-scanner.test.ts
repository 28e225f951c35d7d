import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameScanner } from '../../src/ingest/broker/frame-scanner.ts';
import { field, frame, number16 } from './mqtt-frames.ts';

const limits = { connectBytes: 4_096, packetBytes: 256 * 1024 };

/** CONNECT of so many bytes behind its header. */
const connect = (length: number) => frame(0x10, Buffer.alloc(length));
/** PUBLISH with a topic and a payload of so many bytes. */
const publish = (size: number) => frame(0x32, field('a/b'), number16(258), Buffer.alloc(size));

test.each([
  ['something that is not MQTT', Buffer.from('GET / HTTP/1.1\r\n'), 'no-connect'],
  ['a PUBLISH before CONNECT', publish(10), 'no-connect'],
  ['256 MB declared', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), 'frame-too-large'],
  ['a CONNECT over its limit', connect(4_097), 'frame-too-large'],
  ['a length of five bytes', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01]), 'malformed-frame'],
  ['a PUBLISH over its limit', Buffer.concat([connect(20), publish(256 * 1024)]), 'frame-too-large'],
  ['a second CONNECT', Buffer.concat([connect(20), connect(20)]), 'malformed-frame'],
  ['a packet only servers send', Buffer.concat([connect(20), frame(0x20, [0, 0])]), 'malformed-frame'],
  ['a packet id of 0', Buffer.concat([connect(20), frame(0x40, [0, 0])]), 'malformed-frame'],
  ['a PUBLISH that ends in its topic', Buffer.concat([connect(20), frame(0x30, [0, 9], 'abc')]), 'malformed-frame'],
  ['type 15', Buffer.concat([connect(20), frame(0xf0)]), 'malformed-frame'],
])('%s is refused', (_, bytes, fault) => {
  expect(new FrameScanner(limits).scan(bytes)).toEqual({ fault });
});

test('it stops behind the packet it was asked for', () => {
  const scanner = new FrameScanner(limits);
  expect(scanner.scan(Buffer.concat([connect(200), frame(0xc0)]), 1)).toEqual({ end: 203 });
});

test('however a stream is cut, the same packets are seen', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 8 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 9_000 }), (sizes, step) => {
      const bytes = Buffer.concat([connect(300), ...sizes.map((size) => publish(size))]);
      const scanner = new FrameScanner(limits);
      for (let from = 0; from < bytes.length; from += step) {
        const chunk = bytes.subarray(from, from + step);
        expect(scanner.scan(chunk)).toEqual({ end: chunk.length });
      }
      expect(scanner.packets).toBe(1 + sizes.length);
    }),
    { numRuns: 50 },
  );
});
