import { expect, test } from 'vitest';
import { FlvMuxer } from '../../../src/streams/flv/flv-muxer.ts';
import type { AccessUnit } from '../../../src/streams/rtp/nal.ts';
import { sets, slice } from '../rtp/packets.ts';

const h264: AccessUnit = {
  codec: 'h264',
  key: true,
  nals: [slice(1, { key: true })],
  parameters: { sps: sets.h264Sps, pps: [sets.h264Pps] },
  timestamp: 0,
  afterLoss: false,
};
const h265: AccessUnit = {
  ...h264,
  codec: 'h265',
  parameters: { vps: sets.h265Vps, sps: sets.h265Sps, pps: [sets.h265Pps] },
};

test('H.264 is muxed as FLV has it: header for video only, avcC, length-prefixed slices', () => {
  const muxer = new FlvMuxer();
  const picture = muxer.mux(h264, 0);
  expect(muxer.preamble().subarray(0, 13).toString('hex')).toBe('464c5601010000000900000000');
  expect(muxer.preamble().includes('onMetaData')).toBe(true);
  expect(picture.config.subarray(11, 16).toString('hex')).toBe('1700000000');
  expect(picture.config.subarray(16, 24).toString('hex')).toBe('0164001fffe10018');
  const body = `1701000000${'00000005'}${slice(1, { key: true }).toString('hex')}`;
  expect(picture.data.toString('hex')).toBe(`0900000e00000000000000${body}00000019`);
});

test('H.265 is muxed in the enhanced form', () => {
  const picture = new FlvMuxer().mux({ ...h265, key: false }, 0);
  expect(picture.config.subarray(11, 16).toString('latin1')).toBe('\x90hvc1');
  expect(picture.config.subarray(16, 17).toString('hex')).toBe('01');
  expect(picture.data.readUInt8(11) & 0xf0).toBe(0xa0);
  expect(picture.data.subarray(12, 16).toString()).toBe('hvc1');
});

test('the sequence header is the same object until the parameter sets change', () => {
  const muxer = new FlvMuxer();
  const first = muxer.mux(h264, 0);
  expect(muxer.mux({ ...h264, timestamp: 3_600 }, 40).config).toBe(first.config);
  const changed = { ...h264, parameters: { sps: sets.h264ReorderedSps, pps: [sets.h264Pps] }, timestamp: 7_200 };
  expect(muxer.mux(changed, 80).config).not.toBe(first.config);
});
