import { expect, test } from 'vitest';
import type { ByteSpan } from '../../../src/streams/rtp/byte-span.ts';
import { MemoryPool } from '../../../src/streams/rtp/memory-pool.ts';
import { RtspError } from '../../../src/streams/rtsp/rtsp-error.ts';
import type { RtspMessage } from '../../../src/streams/rtsp/rtsp-message.ts';
import { RtspReader, slabBytes } from '../../../src/streams/rtsp/rtsp-reader.ts';

function readAll(chunks: readonly Buffer[]) {
  const messages: RtspMessage[] = [];
  const frames: [number, string][] = [];
  const reader = new RtspReader({
    message: (message) => messages.push(message),
    data: (channel, { memory, start, end }) => frames.push([channel, memory.toString('latin1', start, end)]),
  });
  for (const chunk of chunks) reader.push(chunk);
  return { messages, frames };
}

const frame = (channel: number, text: string) =>
  Buffer.concat([Buffer.of(0x24, channel, 0, text.length), Buffer.from(text)]);
const answer = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 4\r\nX: a\r\nX: b\r\n\r\nbody');
const stream = Buffer.concat([
  frame(0, 'one'),
  answer,
  Buffer.from('\r\n'),
  frame(1, 'two'),
  Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n'),
]);

test.each([1, 2, 7, 1_000])('messages and interleaved frames come out of chunks of %d bytes alike', (size) => {
  const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
    stream.subarray(index * size, (index + 1) * size),
  );
  const { messages, frames } = readAll(chunks);
  expect(frames).toEqual([
    [0, 'one'],
    [1, 'two'],
  ]);
  expect(messages.map(({ status, body }) => [status, body.toString()])).toEqual([
    [200, 'body'],
    [0, ''],
  ]);
  expect(messages[0]?.headers.get('x')).toEqual(['a', 'b']);
});

test.each([
  ['a header line of 10 KB', `RTSP/1.0 200 OK\r\nX: ${'x'.repeat(10_000)}\r\n\r\n`],
  ['a line that never ends', `RTSP/1.0 200 OK${'x'.repeat(9_000)}`],
  ['headers over 64 KiB', `RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(12_000)}`],
  ['a thousand headers', `RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(1_000)}\r\n`],
  ['a body of 2 GB', 'RTSP/1.0 200 OK\r\nContent-Length: 2147483648\r\n\r\n'],
  ['a length that is none', 'RTSP/1.0 200 OK\r\nContent-Length: -4\r\n\r\n'],
  ['random bytes', '\x01\x02\x03 no such protocol, at all'],
  ['another protocol', 'HTTP/1.1 200 OK\r\n\r\n'],
])('%s is refused', (_, text) => {
  expect(() => readAll([Buffer.from(text, 'latin1')])).toThrow(RtspError);
});

const rtp = (channel: number, mark: number) =>
  Buffer.concat([Buffer.from([0x24, channel, 0, 23, 0x80, 0x60]), Buffer.from(`${'x'.repeat(20)}${mark}`)]);

test('noise between the frames of a track is skipped, up to the next frame or answer', () => {
  const frames: string[] = [];
  const statuses: number[] = [];
  const reader = new RtspReader({
    message: ({ status }) => statuses.push(status),
    data: (_, { memory, end }) => frames.push(memory.toString('latin1', end - 1, end)),
  });
  reader.expectTracks((channel) => channel < 2);
  const noise = Buffer.from('\x00noise $ with $\x09 dollars $\x00\x00\x04\x00 and RTSP letters\n', 'latin1');
  const bytes = Buffer.concat([rtp(0, 1), noise, rtp(0, 2), noise, answer, noise, rtp(1, 3)]);
  for (const byte of bytes) reader.push(Buffer.of(byte));
  expect(frames).toEqual(['1', '2', '3']);
  expect(statuses).toEqual([200]);
  expect(reader.garbage).toBeGreaterThan(3 * 40);
});

test('a length that lies costs the frames it hides, and no more', () => {
  const frames: string[] = [];
  const reader = new RtspReader({
    message: () => {},
    data: (_, { memory, end }) => frames.push(memory.toString('latin1', end - 1, end)),
  });
  reader.expectTracks((channel) => channel < 2);
  const short = Buffer.from(rtp(0, 2));
  short.writeUInt16BE(5, 2);
  const long = Buffer.from(rtp(0, 4));
  long.writeUInt16BE(30, 2);
  reader.push(Buffer.concat([rtp(0, 1), short, rtp(0, 3), long, rtp(0, 5), rtp(0, 6)]));
  expect(frames.filter((mark) => /\d/.test(mark))).toEqual(['1', '3', '6']);
});

test('a camera of nothing but noise is given up after 64 KiB of it and a tenth of what it sends', () => {
  const reader = new RtspReader({ message: () => {}, data: () => {} });
  reader.expectTracks((channel) => channel < 2);
  reader.push(rtp(0, 1));
  reader.push(Buffer.alloc(60_000, 1));
  expect(() => reader.push(Buffer.alloc(20_000, 1))).toThrow(RtspError);
});

test('a released reader leaves its memory to the next, which reads nothing of what was there', () => {
  const slabs = new MemoryPool(slabBytes, 1);
  const frames: string[] = [];
  const events = {
    message: () => {},
    data: (_: number, { memory, start, end }: ByteSpan) => frames.push(memory.toString('latin1', start, end)),
  };
  const first = new RtspReader(events, slabs);
  first.push(Buffer.concat([frame(0, 'one'), frame(0, 'half a frame').subarray(0, 9)]));
  const slab = first.space().buffer;
  first.release();
  first.release();
  const second = new RtspReader(events, slabs);
  expect(second.space().buffer).toBe(slab);
  second.push(frame(0, 'two'));
  expect(frames).toEqual(['one', 'two']);
});
