import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Depacketizer } from '../../../src/streams/rtp/depacketizer.ts';
import { PictureBuffer } from '../../../src/streams/rtp/picture-buffer.ts';
import { h264Payloads, maxPayloadBytes } from '../../../src/streams/whep/h264-payloads.ts';
import { sets } from '../rtp/packets.ts';

/** What our own depacketizer makes of the payloads. */
function depacketized(payloads: readonly Buffer[]): Buffer[] {
  const picture = new PictureBuffer();
  const depacketizer = new Depacketizer('h264', picture, () => picture.keep());
  for (const payload of payloads) expect(depacketizer.push(payload)).toBe(true);
  return picture.take().nals();
}

const nal = fc
  .tuple(fc.constantFrom(0x65, 0x41, 0x01, 0x06), fc.uint8Array({ minLength: 1, maxLength: 9_000 }))
  .map(([header, body]) => Buffer.from([header, ...body]));

test('whatever the lengths, the depacketizer gets back the same slices, and no payload is over 1200 bytes', () => {
  fc.assert(
    fc.property(fc.array(nal, { minLength: 1, maxLength: 5 }), (nals) => {
      const payloads = h264Payloads(nals);
      expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThanOrEqual(maxPayloadBytes);
      expect(depacketized(payloads)).toEqual(nals);
    }),
    { numRuns: 60 },
  );
});

test('parameter sets go together in one STAP-A ahead of the picture, as important as the most important of them', () => {
  const key = Buffer.concat([Buffer.of(0x65), Buffer.alloc(5_000, 7)]);
  const payloads = h264Payloads([key], [sets.h264Sps, sets.h264Pps]);
  expect(payloads[0]?.[0]).toBe(0x60 | 24);
  expect(depacketized(payloads)).toEqual([sets.h264Sps, sets.h264Pps, key]);
  expect(payloads).toHaveLength(1 + Math.ceil(5_000 / (maxPayloadBytes - 2)));
});

test('sets too long to go together go in fragments, one set alone as it is', () => {
  const long = Buffer.concat([Buffer.of(0x68), Buffer.alloc(1_190, 3)]);
  expect(depacketized(h264Payloads([], [sets.h264Sps, long]))).toEqual([sets.h264Sps, long]);
  expect(h264Payloads([], [sets.h264Sps])).toEqual([sets.h264Sps]);
});

test('a fragment at the very limit is the last one', () => {
  const exact = Buffer.concat([Buffer.of(0x41), Buffer.alloc(2 * (maxPayloadBytes - 2), 9)]);
  const payloads = h264Payloads([exact]);
  expect(payloads.map((payload) => payload.readUInt8(1) & 0xc0)).toEqual([0x80, 0x40]);
});
