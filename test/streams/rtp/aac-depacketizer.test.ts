import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AacDepacketizer, auLayout } from '../../../src/streams/rtp/aac-depacketizer.ts';
import { PacketLine } from './packets.ts';

const layout = { sizeBits: 13, indexBits: 3, deltaBits: 3 };
const bytes = (length: number, fill: number) => Buffer.alloc(length, fill);

/** A payload of mode AAC-hbr: 13 bits of size and 3 of index before the frames. */
function payload(frames: readonly Buffer[], { sizes = frames.map(({ length }) => length), delta = 0 } = {}): Buffer {
  const head = Buffer.alloc(2 + 2 * sizes.length);
  head.writeUInt16BE(16 * sizes.length);
  sizes.forEach((size, index) => {
    head.writeUInt16BE((size << 3) | (index > 0 ? delta : 0), 2 + 2 * index);
  });
  return Buffer.concat([head, ...frames]);
}

test('the parameters of RFC 3640 §3.3.6 give sizes of 13 bits; absurd ones are refused', () => {
  const described = new Map([
    ['mode', 'AAC-hbr'],
    ['sizelength', '13'],
    ['indexlength', '3'],
    ['indexdeltalength', '3'],
  ]);
  expect(auLayout(described)).toEqual(layout);
  expect(auLayout(new Map())).toEqual(layout);
  for (const wrong of ['0', '-1', '33', '1e9', 'x', '1.5']) {
    expect(auLayout(new Map([['sizelength', wrong]]))).toBeUndefined();
  }
});

test('one frame, several frames, interleaved frames: each with its place in time', () => {
  const line = new PacketLine();
  const units = new AacDepacketizer(layout);
  const [a, b, c] = [bytes(300, 1), bytes(2, 2), bytes(41, 3)];
  expect(units.push(line.next(payload([a]), 0))).toEqual([{ data: a, offset: 0 }]);
  expect(units.push(line.next(payload([a, b, c]), 1_024))).toEqual([
    { data: a, offset: 0 },
    { data: b, offset: 1 },
    { data: c, offset: 2 },
  ]);
  expect(units.push(line.next(payload([a, b, c], { delta: 2 }), 1_024)).map(({ offset }) => offset)).toEqual([0, 3, 6]);
});

test('other field lengths are read as described: low bit rate headers of 6 + 2 bits', () => {
  const units = new AacDepacketizer({ sizeBits: 6, indexBits: 2, deltaBits: 2 });
  const head = Buffer.from([0, 16, (4 << 2) | 0, (3 << 2) | 0]);
  const taken = units.push(new PacketLine().next(Buffer.concat([head, Buffer.from('aaaabbb')]), 0));
  expect(taken.map(({ data }) => data.toString())).toEqual(['aaaa', 'bbb']);
});

test('a frame in pieces is put together; a piece lost or of another time loses that frame alone', () => {
  const whole = Buffer.from(Array.from({ length: 3_000 }, (_, index) => index & 0xff));
  const piece = (from: number, to: number) => payload([whole.subarray(from, to)], { sizes: [3_000] });
  const line = new PacketLine();
  const units = new AacDepacketizer(layout);
  const push = (from: number, to: number, timestamp: number) => units.push(line.next(piece(from, to), timestamp));
  expect([push(0, 1_400, 7), push(1_400, 2_800, 7), push(2_800, 3_000, 7)]).toEqual([
    [],
    [],
    [{ data: whole, offset: 0 }],
  ]);
  push(0, 1_400, 8);
  line.lose();
  expect(push(2_800, 3_000, 8)).toEqual([]);
  push(0, 1_400, 9);
  expect(push(1_400, 3_000, 10)).toEqual([]);
  const after = bytes(10, 5);
  expect(units.push(line.next(payload([after]), 11))).toEqual([{ data: after, offset: 0 }]);
});

test.each([
  ['nothing', ''],
  ['half a length', '00'],
  ['no headers', '0000aabb'],
  ['headers shorter than one', '0008ffaa'],
  ['headers longer than the packet', 'ffff0008aa'],
  ['a frame of no bytes', '00100000aa'],
  ['no data', '00100008'],
])('a packet with %s gives nothing and does no harm', (_, hex) => {
  const units = new AacDepacketizer(layout);
  const line = new PacketLine();
  expect(units.push(line.next(Buffer.from(hex, 'hex'), 0))).toEqual([]);
  expect(units.push(line.next(payload([bytes(9, 1)]), 0))).toHaveLength(1);
});

test('what a packet claims beyond its end is left out, what came before it is kept', () => {
  const units = new AacDepacketizer(layout);
  const taken = units.push(new PacketLine().next(payload([bytes(5, 1), bytes(5, 2)], { sizes: [5, 500] }), 0));
  expect(taken).toEqual([{ data: bytes(5, 1), offset: 0 }]);
});

test('whatever comes, nothing throws and no frame is longer than what was sent for it', () => {
  const packets = fc.array(
    fc.record({
      data: fc.uint8Array({ maxLength: 80 }),
      timestamp: fc.constantFrom(0, 1_024),
      lost: fc.constantFrom(0, 1),
    }),
  );
  const field = fc.integer({ min: 1, max: 16 });
  fc.assert(
    fc.property(packets, fc.record({ sizeBits: field, indexBits: field, deltaBits: field }), (sent, odd) => {
      const units = new AacDepacketizer(odd);
      const line = new PacketLine();
      let received = 0;
      for (const { data, timestamp, lost } of sent) {
        line.lose(lost);
        received += data.length;
        const taken = units.push(line.next(Buffer.from(data), timestamp));
        expect(taken.reduce((sum, unit) => sum + unit.data.length, 0)).toBeLessThanOrEqual(received);
      }
    }),
  );
});
