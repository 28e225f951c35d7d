import { expect, test } from 'vitest';
import { CodecError, readVideoFormat } from '../../../src/streams/rtp/video-format.ts';
import { baselineSps, sets } from './packets.ts';

test.each([
  ['h264', sets.h264Sps, { width: 1280, height: 720, fps: 25, reorder: 0 }],
  ['h264', sets.h264ReorderedSps, { width: 1280, height: 720, fps: 25, reorder: 2 }],
  ['h265', sets.h265Sps, { width: 1280, height: 720, fps: 25, reorder: 2 }],
  [
    'h264',
    Buffer.from('67640028acb403c0113d4d8088000003000800000300f078c195', 'hex'),
    { width: 1918, height: 1078, fps: 15 },
  ],
  [
    'h265',
    Buffer.from('420101016000000300900000030000030078a003c08011075365ba4a4c2f0168080000030008000003007840', 'hex'),
    { width: 1918, height: 1078, fps: 15 },
  ],
] as const)('the size, rate and reorder depth of a real %s SPS are read', (codec, sps, expected) => {
  expect(readVideoFormat(codec, sps)).toMatchObject({ codec, ...expected });
});

test('a picture no camera has is refused before anything is allocated for it', () => {
  expect(() => readVideoFormat('h264', baselineSps(1024, 1024))).toThrow(CodecError);
  expect(() => readVideoFormat('h264', baselineSps(1024, 1024))).toThrow('16384x16384');
  expect(readVideoFormat('h264', baselineSps(240, 135))).toMatchObject({ width: 3840, height: 2160 });
});

test('a broken parameter set is an error of ours, never another', () => {
  for (let length = 1; length < sets.h264Sps.length; length += 1) {
    const cut = sets.h264Sps.subarray(0, length);
    try {
      readVideoFormat('h264', cut);
    } catch (error) {
      expect(error).toBeInstanceOf(CodecError);
    }
  }
  expect(() => readVideoFormat('h265', Buffer.alloc(40))).toThrow(CodecError);
  expect(() => readVideoFormat('h264', sets.h264Sps.subarray(0, 3))).toThrow(CodecError);
});
