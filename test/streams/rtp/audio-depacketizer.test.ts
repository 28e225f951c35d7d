import { expect, test } from 'vitest';
import { aacConfig, readAacConfig } from '../../../src/streams/rtp/aac-config.ts';
import { audioDepacketizer } from '../../../src/streams/rtp/audio-depacketizer.ts';
import { PacketLine } from './packets.ts';

const fmtp = new Map<string, string>();
const hex = (text: string) => Buffer.from(text, 'hex');

test.each([
  ['48 kHz, six channels (RFC 3640 §3.3.6)', '11b0', { coreRate: 48_000, channels: 6, frameSamples: 1_024 }],
  ['16 kHz mono', '1408', { coreRate: 16_000, channels: 1, frameSamples: 1_024 }],
  ['a frame of 960 samples', '140c', { coreRate: 16_000, channels: 1, frameSamples: 960 }],
  ['a rate that is written out', '178020f088', { coreRate: 16_865, channels: 1, frameSamples: 1_024 }],
  ['SBR said aloud: 22.05 to 44.1 kHz', '2b920800', { coreRate: 22_050, channels: 2, frameSamples: 1_024 }],
  ['three zeros in a row with a 3 are no escape', '1408000003', { coreRate: 16_000, channels: 1, frameSamples: 1_024 }],
])('a configuration is read: %s', (_, config, expected) => {
  expect(readAacConfig(hex(config))).toEqual(expected);
});

test.each(['', '14', 'ffff', '17', '1780', '1688', '5408'])(
  'a configuration that says nothing of use is refused: "%s"',
  (config) => {
    expect(readAacConfig(hex(config))).toBeUndefined();
  },
);

test('the configuration we write is the one we read', () => {
  expect(aacConfig(16_000, 1)?.toString('hex')).toBe('1408');
  expect(aacConfig(48_000, 2)?.toString('hex')).toBe('1190');
  expect(aacConfig(16_001, 1)).toBeUndefined();
});

test('AAC frames of one packet follow each other by their length in ticks; with SBR that is twice as long', () => {
  const packet = new PacketLine().next(hex('0020001000100102 0304'.replace(' ', '')), 0xffff_fe00);
  const timesOf = (config: string, clockRate: number) =>
    audioDepacketizer({ codec: 'aac', clockRate, channels: 2, config: hex(config), fmtp })
      ?.push(packet)
      .map(({ timestamp, data }) => [timestamp, data.length]);
  expect(timesOf('1190', 48_000)).toEqual([
    [0xffff_fe00, 2],
    [512, 2],
  ]);
  expect(timesOf('2b920800', 44_100)?.map(([time]) => time)).toEqual([0xffff_fe00, 1_536]);
});

test('G.711 comes as it is, and AAC without its configuration is not played', () => {
  const sound = { codec: 'pcma', clockRate: 8_000, channels: 1, fmtp } as const;
  const frames = audioDepacketizer(sound)?.push(new PacketLine().next(Buffer.alloc(160, 0xd5), 320));
  expect(frames).toEqual([
    { codec: 'pcma', clockRate: 8_000, channels: 1, data: Buffer.alloc(160, 0xd5), timestamp: 320 },
  ]);
  expect(audioDepacketizer(sound)?.push(new PacketLine().next(Buffer.alloc(9_000), 0))).toEqual([]);
  expect(audioDepacketizer({ codec: 'aac', clockRate: 48_000, channels: 2, fmtp })).toBeUndefined();
});
