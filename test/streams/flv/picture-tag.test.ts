import { expect, test } from 'vitest';
import { pictureTag } from '../../../src/streams/flv/picture-tag.ts';
import { AccessUnitAssembler } from '../../../src/streams/rtp/access-unit-assembler.ts';
import { h264Sets, PacketLine, sets, slice } from '../rtp/packets.ts';

test.each(['h264', 'h265'] as const)(
  'a picture in one piece becomes the very tag that copying makes, once (%s)',
  (codec) => {
    const line = new PacketLine();
    const known = codec === 'h264' ? h264Sets : [sets.h265Vps, sets.h265Sps, sets.h265Pps];
    const nals =
      codec === 'h264'
        ? [slice(1, { key: true }), slice(2, { key: true, first: false })]
        : [Buffer.from([38, 1, 0x80, 7]), Buffer.from([38, 1, 0, 8, 9])];
    const assembler = new AccessUnitAssembler(codec, known);
    assembler.push(line.next(nals[0] ?? Buffer.alloc(0), 5, false));
    const [unit] = assembler.push(line.next(nals[1] ?? Buffer.alloc(0), 5));
    if (!unit) throw new Error('a marker ends a picture');
    const { piece, ...loose } = unit;
    for (const offsetMs of [80, 0]) {
      const copied = pictureTag(loose, 0x1234567, offsetMs);
      const written = pictureTag(unit, 0x1234567, offsetMs);
      expect(written.data).toEqual(copied.data);
      expect(written.message).toEqual(copied.message);
      expect(unit.nals).toEqual(nals);
      // The first wrote around the picture; the second must leave that alone.
      expect(lies(written.data, piece?.memory)).toBe(offsetMs === 80);
    }
  },
);

function lies(inner: Buffer, outer: Buffer = Buffer.alloc(0)): boolean {
  const end = outer.byteOffset + outer.length;
  return inner.buffer === outer.buffer && inner.byteOffset >= outer.byteOffset && inner.byteOffset < end;
}
