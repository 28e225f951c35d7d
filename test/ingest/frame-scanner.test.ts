import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameScanner } from '../../src/ingest/broker/frame-scanner.ts';

const limits = { connectBytes: 4_096, packetBytes: 256 * 1024 };

/** A packet of one type with as many zero bytes as it declares. */
function packet(type: number, length: number): Buffer {
  const digits: number[] = [];
  let rest = length;
  do {
    digits.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([type << 4, ...digits]), Buffer.alloc(length)]);
}

test.each([
  ['something that is not MQTT', Buffer.from('GET / HTTP/1.1\r\n'), 'no-connect'],
  ['a PUBLISH before CONNECT', packet(3, 10), 'no-connect'],
  ['256 MB declared', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), 'frame-too-large'],
  ['a CONNECT over its limit', packet(1, 4_097), 'frame-too-large'],
  ['a length of five bytes', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x01]), 'malformed-frame'],
  ['a PUBLISH over its limit', Buffer.concat([packet(1, 20), packet(3, 256 * 1024 + 1)]), 'frame-too-large'],
  ['a second CONNECT', Buffer.concat([packet(1, 20), packet(1, 20)]), 'malformed-frame'],
  ['a packet only servers send', Buffer.concat([packet(1, 20), packet(2, 2)]), 'malformed-frame'],
  ['type 15', Buffer.concat([packet(1, 20), packet(15, 0)]), 'malformed-frame'],
])('%s is refused', (_, bytes, fault) => {
  expect(new FrameScanner(limits).scan(bytes)).toEqual({ fault });
});

test('it stops behind the packet it was asked for', () => {
  const scanner = new FrameScanner(limits);
  expect(scanner.scan(Buffer.concat([packet(1, 200), packet(12, 0)]), 1)).toEqual({ end: 203 });
});

test('however a stream is cut, the same packets are seen', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 8 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 9_000 }), (sizes, step) => {
      const bytes = Buffer.concat([packet(1, 300), ...sizes.map((size) => packet(3, size))]);
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
