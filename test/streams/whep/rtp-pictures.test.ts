import { expect, test } from 'vitest';
import { FlvMuxer } from '../../../src/streams/flv/flv-muxer.ts';
import type { AccessUnit } from '../../../src/streams/rtp/nal.ts';
import { type FlvPiece, piecesOf } from '../../../src/streams/whep/flv-pictures.ts';
import { RtpPictures, type VideoPacket } from '../../../src/streams/whep/rtp-pictures.ts';
import { sets, slice } from '../rtp/packets.ts';

const parameters = { sps: sets.h264Sps, pps: [sets.h264Pps] };
const unit = (mark: number, key: boolean, extra: Partial<AccessUnit> = {}): AccessUnit => ({
  codec: 'h264',
  key,
  nals: [slice(mark, { key })],
  parameters,
  timestamp: mark * 3_600,
  afterLoss: false,
  ...extra,
});

/** The pieces in what a viewer of these pictures would be written. */
function piecesOfUnits(units: readonly AccessUnit[]): FlvPiece[] {
  const muxer = new FlvMuxer();
  const written = units.flatMap((one, index) => {
    const picture = muxer.mux(one, index * 40);
    return index === 0 ? [muxer.preamble(), picture.config, picture.data] : [picture.data];
  });
  return written.flatMap(piecesOf);
}

const marks = (packets: readonly VideoPacket[]) =>
  packets.filter(({ payload }) => (payload.readUInt8(0) & 0x1f) < 24).map(({ payload }) => payload.readUInt8(2));

test('the tags of a viewer come apart into parameter sets and pictures, one at a time or all in one piece', () => {
  const units = [unit(1, true), unit(2, false)];
  const pieces = piecesOfUnits(units);
  expect(pieces).toMatchObject([
    { kind: 'sets', sets: [sets.h264Sps, sets.h264Pps] },
    { kind: 'picture', key: true, offsetMs: 0, nals: [slice(1, { key: true })] },
    { kind: 'picture', key: false, offsetMs: 0, nals: [slice(2)] },
  ]);
  const muxer = new FlvMuxer();
  const [first, second] = units.map((one, index) => muxer.mux(one, index * 40));
  const whole = Buffer.concat([
    muxer.preamble(),
    ...[first?.config, first?.data, second?.data].map((data) => data ?? Buffer.alloc(0)),
  ]);
  expect(piecesOf(whole)).toEqual(pieces);
});

test('H.265 is foreign', () => {
  const h265 = { vps: sets.h265Vps, sps: sets.h265Sps, pps: [sets.h265Pps] };
  const nals = [Buffer.from('2601af0102', 'hex')];
  const pieces = piecesOfUnits([unit(1, true, { codec: 'h265', parameters: h265, nals })]);
  expect(new Set(pieces.map(({ kind }) => kind))).toEqual(new Set(['foreign']));
});

test('what came before the browser goes out at once when it is there, a millisecond apart up to the present', () => {
  const packets: VideoPacket[] = [];
  const pictures = new RtpPictures((packet) => packets.push(packet));
  const pieces = piecesOfUnits([
    unit(1, true),
    unit(2, false),
    unit(3, true),
    unit(4, false),
    unit(5, false),
    unit(6, false),
  ]);
  for (const piece of pieces.slice(0, -1)) pictures.take(piece);
  expect(packets).toEqual([]);
  pictures.flow();
  // Only the newest group: nothing older is ever shown.
  expect(marks(packets)).toEqual([3, 4, 5]);
  const times = packets.map(({ timestamp }) => timestamp / 90);
  const newest = times.at(-1) ?? 0;
  expect([...new Set(times)]).toEqual([newest - 2, newest - 1, newest]);
  for (const piece of pieces.slice(-1)) pictures.take(piece);
  expect((packets.at(-1)?.timestamp ?? 0) / 90 - newest).toBe(40);
  expect(packets.map(({ sequence }) => sequence)).toEqual(packets.map((_, index) => index));
  expect(packets.filter(({ marker }) => marker)).toHaveLength(4);
});

test('without a key picture nothing goes out, and each key picture has its parameter sets ahead', () => {
  const packets: VideoPacket[] = [];
  const pictures = new RtpPictures((packet) => packets.push(packet));
  pictures.flow();
  const [first, ...rest] = piecesOfUnits([unit(1, true), unit(2, false), unit(3, true)]);
  const [, late] = rest;
  if (first) pictures.take(first);
  if (late) pictures.take(late);
  expect(packets).toEqual([]);
  for (const piece of rest) pictures.take(piece);
  expect(packets.map(({ payload }) => payload.readUInt8(0) & 0x1f)).toEqual([24, 5, 1, 24, 5]);
});

test('what is held for a browser that does not come is bounded', () => {
  const packets: VideoPacket[] = [];
  const pictures = new RtpPictures((packet) => packets.push(packet));
  const big = Buffer.concat([slice(9), Buffer.alloc(1024 * 1024)]);
  const units = [unit(1, true), ...[2, 3, 4, 5, 6].map((mark) => unit(mark, false, { nals: [big] }))];
  for (const piece of piecesOfUnits(units)) pictures.take(piece);
  pictures.flow();
  expect(packets).toEqual([]);
});
