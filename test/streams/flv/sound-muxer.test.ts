import { expect, test } from 'vitest';
import { sharedTag } from '../../../src/streams/flv/flv-tag.ts';
import { silentFrame } from '../../../src/streams/flv/silence.ts';
import { SoundMuxer } from '../../../src/streams/flv/sound-muxer.ts';

const config = Buffer.from('1408', 'hex');
const picture = {
  data: Buffer.alloc(0),
  message: Buffer.alloc(0),
  key: true,
  decodeMs: 100,
  shownMs: 100,
  config: Buffer.alloc(0),
};
const frame = { codec: 'aac', data: Buffer.from('sound'), timestamp: 0, clockRate: 16_000, channels: 1 } as const;

test('AAC is muxed as FLV has it: sequence header, then raw frames', () => {
  const muxer = new SoundMuxer();
  expect(muxer.mux({ ...frame, config }, 0)).toBeUndefined();
  expect(muxer.header?.toString('hex')).toBe('0800000400000000000000af0014080000000f');
  muxer.follow(picture, 1_000, undefined);
  const tag = muxer.mux(frame, 1_000);
  expect(tag?.data.toString('hex')).toBe(`0800000700006400000000af01${Buffer.from('sound').toString('hex')}00000012`);
  expect(tag?.config).toBe(muxer.header);
});

test('the sequence header is the same object until the configuration changes; one without sense changes nothing', () => {
  const muxer = new SoundMuxer();
  muxer.configure(config, 1);
  const { header } = muxer;
  muxer.configure(Buffer.from(config), 1);
  muxer.configure(Buffer.from('ff', 'hex'), 1);
  expect(muxer.header).toBe(header);
  muxer.configure(Buffer.from('1190', 'hex'), 2);
  expect(muxer.header).not.toBe(header);
});

test('silence is a whole frame of one or two channels', () => {
  expect(silentFrame(1).toString('hex')).toBe('00000007');
  expect(silentFrame(2).toString('hex')).toBe('2000000000000e');
});

test.each([
  [1, '8210'],
  [110, '827d'],
  [111, '827e007e'],
  [65_520, '827e ffff'],
  [65_521, '827f 0000000000010000'],
])('a tag of %d bytes is a WebSocket message in the same memory, its head as RFC 6455 §5.2 has it', (size, head) => {
  const { data, message } = sharedTag({ type: 9, timestampMs: 0x1234_5678, size }, (body) => body.fill(7));
  const bytes = Buffer.from(head.replace(' ', ''), 'hex');
  expect(data.length).toBe(size + 15);
  expect(message.subarray(0, bytes.length)).toEqual(bytes);
  expect(message.subarray(bytes.length).equals(data)).toBe(true);
  expect(message.buffer).toBe(data.buffer);
  expect(data.subarray(4, 8).toString('hex')).toBe('34567812');
});
