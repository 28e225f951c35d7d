import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../../src/ingest/jt808/frame-reader.ts';
import { encodePacket, parsePacket } from '../../../src/ingest/jt808/packet.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** The one packet on the wire. */
function packetIn(wire: Buffer) {
  const [read] = new FrameReader().read(wire);
  if (!read || !('content' in read)) throw new Error('no frame');
  return parsePacket(read.content);
}

test('a heartbeat of 2013: id, properties, six bytes of phone, serial', () => {
  expect(packetIn(hex('7e 0002 0000 013800138000 002a 82 7e'))).toEqual({
    ok: true,
    packet: {
      id: 2,
      peer: { edition: 2013, protocol: 0, phone: '013800138000' },
      serial: 42,
      body: Buffer.alloc(0),
    },
  });
});

test('an authentication of 2019: its version bit, its version byte and ten bytes of phone', () => {
  const wire = hex('7e 0102 4003 01 00000000013800138000 0007 02 4142 ed 7e');
  expect(packetIn(wire)).toEqual({
    ok: true,
    packet: {
      id: 0x0102,
      peer: { edition: 2019, protocol: 1, phone: '00000000013800138000' },
      serial: 7,
      body: hex('02 4142'),
    },
  });
});

test('a piece of a long message says which of how many', () => {
  const content = hex('0704 2002 013800138000 0010 0003 0002 aabb');
  expect(parsePacket(content)).toMatchObject({ packet: { part: { total: 3, number: 2 }, body: hex('aabb') } });
});

test.each([
  ['nothing', '', 'malformed-frame'],
  ['half a header', '0002 0000 0138', 'malformed-frame'],
  ['a body shorter than it says', '0002 0002 013800138000 002a 01', 'malformed-frame'],
  ['a body longer than it says', '0002 0000 013800138000 002a 01', 'malformed-frame'],
  ['a phone that is no number', '0002 0000 01380013800f 002a', 'malformed-frame'],
  ['a piece without its numbers', '0704 2000 013800138000 0010', 'malformed-frame'],
  ['an encrypted body', '0200 0401 013800138000 002a 01', 'encrypted'],
])('%s is refused', (_, content, reason) => {
  expect(parsePacket(hex(content))).toEqual({ ok: false, reason });
});

test('what is sent is read back as it was, in both editions', () => {
  const digits = (length: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));
  const peer = fc.oneof(
    digits(12).map((phone) => ({ edition: 2013, protocol: 0, phone }) as const),
    fc.tuple(digits(20), fc.nat(255)).map(([phone, protocol]) => ({ edition: 2019, protocol, phone }) as const),
  );
  const word = fc.nat(0xffff);
  const sent = fc.record({ id: word, peer, serial: word, body: fc.uint8Array({ maxLength: 1_023 }).map(Buffer.from) });
  fc.assert(
    fc.property(sent, (packet) => {
      expect(packetIn(encodePacket(packet))).toEqual({ ok: true, packet });
    }),
  );
});

test('any content is read without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(parsePacket(Buffer.from(bytes))).toHaveProperty('ok');
    }),
  );
});
