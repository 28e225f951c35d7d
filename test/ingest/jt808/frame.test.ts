import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frame, unframe } from '../../../src/ingest/jt808/frame.ts';
import { type FrameRead, FrameReader } from '../../../src/ingest/jt808/frame-reader.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const contents = (reads: readonly FrameRead[]) =>
  reads.map((read) => ('content' in read ? read.content.toString('hex') : Object.values(read)[0]));

/** In pieces of a length, as TCP may cut it. */
function readIn(reader: FrameReader, bytes: Buffer, step: number): FrameRead[] {
  const reads: FrameRead[] = [];
  for (let from = 0; from < bytes.length; from += step) reads.push(...reader.read(bytes.subarray(from, from + step)));
  return reads;
}

test('flags and escapes within are written as two bytes, also where the check byte is one', () => {
  expect(frame(hex('30 7e 08 7d 55'))).toEqual(hex('7e 30 7d 02 08 7d 01 55 6e 7e'));
  expect(frame(hex('7f 01'))).toEqual(hex('7e 7f 01 7d 02 7e'));
  expect(frame(hex('7c 01'))).toEqual(hex('7e 7c 01 7d 01 7e'));
});

test('whatever is framed comes back, and no flag stands within', () => {
  const content = fc.uint8Array({ minLength: 1, maxLength: 1_100 });
  const marks = fc.array(fc.constantFrom(0x7d, 0x7e, 0x01, 0x02), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.oneof(content, marks), (bytes) => {
      const framed = frame(Uint8Array.from(bytes));
      const raw = framed.subarray(1, -1);
      expect(raw.includes(0x7e)).toBe(false);
      expect(unframe(raw)).toEqual({ content: Buffer.from(bytes) });
    }),
  );
});

test.each([
  ['an escape of nothing', '30 7d', 'malformed-frame'],
  ['an escape of another byte', '30 7d 03 30', 'malformed-frame'],
  ['a check byte alone', '30', 'malformed-frame'],
  ['a wrong check byte', '30 31 30', 'wrong-check'],
])('%s is a fault', (_, bytes, fault) => {
  expect(unframe(hex(bytes))).toEqual({ fault });
});

test('however a stream is cut, and whatever stands between, the same frames are seen', () => {
  const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { maxLength: 6 });
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 700 }), (bodies, step) => {
      const noise = [hex('00 11 22'), hex('7e 7e'), Buffer.alloc(0)];
      const bytes = Buffer.concat([
        hex('55 66'),
        ...bodies.flatMap((body, n) => [noise[n % 2 ? 1 : 2] ?? hex(''), frame(body)]),
      ]);
      expect(contents(readIn(new FrameReader(), bytes, step))).toEqual(
        bodies.map((body) => Buffer.from(body).toString('hex')),
      );
    }),
    { numRuns: 60 },
  );
});

test('a frame that is wrong is passed over, and the next one is read', () => {
  const bytes = Buffer.concat([frame(hex('01 02')), hex('7e 30 31 30 7e'), frame(hex('03'))]);
  expect(contents(new FrameReader().read(bytes))).toEqual(['0102', 'wrong-check', '03']);
});

test('the largest frame the standard has is read, escaped from end to end', () => {
  const content = Buffer.alloc(1_044, 0x7e);
  expect(contents(readIn(new FrameReader(), frame(content), 100))).toEqual([content.toString('hex')]);
});

test.each([
  ['a frame over 1,400 bytes', frame(Buffer.alloc(1_401, 1)), 'frame-too-large'],
  ['a frame that never ends', Buffer.concat([hex('7e'), Buffer.alloc(3_000, 1)]), 'frame-too-large'],
  ['no flag in 4 KiB', Buffer.alloc(4_097, 1), 'no-frame'],
  ['nothing but flags', Buffer.alloc(4_097, 0x7e), 'no-frame'],
])('%s is the end of the connection', (_, bytes, broken) => {
  for (const step of [1, 1_000, 5_000]) {
    const reader = new FrameReader();
    expect(readIn(reader, bytes, step)).toEqual([{ broken }]);
    expect(reader.read(frame(hex('01 02')))).toEqual([]);
  }
});

test('4 KiB of frames that are all wrong are the end of it too', () => {
  const reads = new FrameReader().read(Buffer.concat(Array.from({ length: 900 }, () => hex('7e 30 31 30 7e'))));
  expect(reads.at(-1)).toEqual({ broken: 'no-frame' });
  expect(reads.length).toBeLessThan(900);
});

test('any bytes, cut anyhow, are read without a throw', () => {
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 500 }),
    fc.array(fc.constantFrom(0x7d, 0x7e, 0, 1, 2), { maxLength: 500 }),
  );
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 20 }), (chunks) => {
      const reader = new FrameReader();
      for (const bytes of chunks) reader.read(Buffer.from(bytes));
    }),
  );
});
