import { expect, test } from 'vitest';
import { parseRtpPacket } from '../../../src/streams/rtp/rtp-packet.ts';

test('a packet with sources, an extension and padding is read to its payload', () => {
  const header = [0x80 | 0x20 | 0x10 | 1, 0x80 | 96, 0xff, 0xfe, 0, 0, 0, 9, 0, 0, 0, 1];
  const packet = Buffer.from([...header, 1, 1, 1, 1, 0xbe, 0xde, 0, 1, 7, 7, 7, 7, 0x65, 0x88, 0, 2]);
  expect(parseRtpPacket(packet)).toEqual({
    marker: true,
    payloadType: 96,
    sequence: 0xfffe,
    timestamp: 9,
    payload: Buffer.from([0x65, 0x88]),
  });
});

test.each([
  ['too short', Buffer.alloc(11, 0x80)],
  ['of another version', Buffer.alloc(20, 0x40)],
  ['with an extension longer than itself', Buffer.from([0x90, 96, ...Buffer.alloc(10), 0, 0, 0xff, 0xff, 1])],
  ['with more padding than payload', Buffer.from([0xa0, 96, ...Buffer.alloc(10), 200])],
  ['without payload', Buffer.from([0x80, 96, ...Buffer.alloc(10)])],
])('a packet %s is refused', (_, packet) => {
  expect(parseRtpPacket(packet)).toBeUndefined();
});
