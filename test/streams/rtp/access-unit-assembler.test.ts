import { expect, test } from 'vitest';
import { AccessUnitAssembler } from '../../../src/streams/rtp/access-unit-assembler.ts';
import { toAnnexB } from '../../../src/streams/rtp/nal.ts';
import { h264Sets, PacketLine, sets, slice } from './packets.ts';

const assembler = () => new AccessUnitAssembler('h264', h264Sets);

function fragments(nal: Buffer, pieces: number): Buffer[] {
  const body = nal.subarray(1);
  const size = Math.ceil(body.length / pieces);
  return Array.from({ length: pieces }, (_, index) => {
    const flags = (index === 0 ? 0x80 : 0) | (index === pieces - 1 ? 0x40 : 0) | ((nal[0] ?? 0) & 0x1f);
    return Buffer.concat([
      Buffer.of(((nal[0] ?? 0) & 0xe0) | 28, flags),
      body.subarray(index * size, (index + 1) * size),
    ]);
  });
}

function stapA(...nals: Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(24), ...nals.flatMap((nal) => [Buffer.of(0, nal.length), nal])]);
}

test('two slices of one picture are one access unit, whatever packets they come in', () => {
  const line = new PacketLine();
  const [a, b] = [slice(1, { key: true }), slice(2, { key: true, first: false })];
  const units = assembler();
  expect(units.push(line.next(a, 100, false))).toEqual([]);
  const [unit, ...more] = units.push(line.next(b, 100));
  expect(more).toEqual([]);
  expect(unit).toMatchObject({ key: true, afterLoss: false, nals: [a, b], timestamp: 100 });
});

test('parameter sets in an aggregate and a fragmented slice make a picture', () => {
  const line = new PacketLine();
  const nal = Buffer.concat([slice(3, { key: true }), Buffer.alloc(3_000, 7)]);
  const units = new AccessUnitAssembler('h264');
  const all = [stapA(...h264Sets), ...fragments(nal, 4)].flatMap((payload, index) =>
    units.push(line.next(payload, 5, index === 4)),
  );
  expect(all).toHaveLength(1);
  expect(all[0]?.nals[0]?.equals(nal)).toBe(true);
  expect(all[0]?.parameters).toEqual({ sps: sets.h264Sps, pps: [sets.h264Pps] });
});

test('an H.265 aggregate and fragments make a picture', () => {
  const line = new PacketLine();
  const units = new AccessUnitAssembler('h265');
  const parameterSets = [sets.h265Vps, sets.h265Sps, sets.h265Pps];
  const aggregate = Buffer.concat([
    Buffer.of(48 << 1, 1),
    ...parameterSets.flatMap((nal) => [Buffer.of(0, nal.length), nal]),
  ]);
  const nal = Buffer.concat([Buffer.of(19 << 1, 1, 0x80), Buffer.alloc(50, 9)]);
  const fragment = (flags: number, part: Buffer) => Buffer.concat([Buffer.of(49 << 1, 1, flags | 19), part]);
  units.push(line.next(aggregate, 5, false));
  units.push(line.next(fragment(0x80, nal.subarray(2, 20)), 5, false));
  const [unit] = units.push(line.next(fragment(0x40, nal.subarray(20)), 5));
  expect(unit).toMatchObject({ codec: 'h265', key: true });
  expect(unit?.nals[0]?.equals(nal)).toBe(true);
});

test('after a loss nothing is given out before the next whole key picture', () => {
  const line = new PacketLine();
  const units = assembler();
  const push = (nal: Buffer, timestamp: number, marker = true) => units.push(line.next(nal, timestamp, marker));
  push(slice(1, { key: true }), 1);
  expect(push(slice(2), 2)).toHaveLength(1);
  line.lose();
  expect(push(slice(4), 4)).toEqual([]);
  line.lose();
  expect(push(slice(5, { key: true, first: false }), 5)).toEqual([]);
  const [key] = push(slice(6, { key: true }), 6);
  expect(key).toMatchObject({ key: true, afterLoss: true });
  expect(push(slice(7), 7)[0]).toMatchObject({ afterLoss: false });
  expect(units.losses).toBe(1);
});

test('packets that come twice or late change nothing; a camera that starts its numbers over is a loss', () => {
  const units = assembler();
  const line = new PacketLine(500);
  const first = line.next(slice(1, { key: true }), 1);
  units.push(first);
  expect(units.push(first)).toEqual([]);
  expect(units.push(line.next(slice(2), 2))).toHaveLength(1);
  const again = new PacketLine(7);
  expect(units.push(again.next(slice(3), 3))).toEqual([]);
  expect(units.push(again.next(slice(4, { key: true }), 4))).toHaveLength(1);
});

test('a picture without a marker ends with the next timestamp; a camera that marks every slice is found out', () => {
  const line = new PacketLine();
  const units = assembler();
  units.push(line.next(slice(1, { key: true }), 1, false));
  expect(units.push(line.next(slice(2), 2, false))).toHaveLength(1);
  units.push(line.next(slice(3), 3));
  units.push(line.next(slice(3, { first: false }), 3));
  units.push(line.next(slice(4), 4));
  units.push(line.next(slice(4, { first: false }), 4));
  expect(units.push(line.next(slice(5), 5)).map(({ nals }) => nals.length)).toEqual([2]);
});

test('parameter sets that change mid-stream replace the old ones with the next key picture', () => {
  const line = new PacketLine();
  const units = assembler();
  const [before] = units.push(line.next(slice(1, { key: true }), 1));
  units.push(line.next(sets.h264ReorderedSps, 2, false));
  units.push(line.next(sets.h264Pps, 2, false));
  const [after] = units.push(line.next(slice(2, { key: true }), 2));
  expect(after?.parameters).not.toBe(before?.parameters);
  expect(after?.parameters.sps).toEqual(sets.h264ReorderedSps);
  const [same] = units.push(line.next(slice(3, { key: true }), 3));
  expect(same?.parameters).toBe(after?.parameters);
});

test('the byte stream for a decoder has parameter sets before a key picture and ends with a delimiter', () => {
  const [unit] = assembler().push(new PacketLine().next(slice(1, { key: true }), 1));
  const bytes = unit && toAnnexB(unit).toString('hex');
  expect(bytes).toBe(
    [
      '',
      sets.h264Sps.toString('hex'),
      sets.h264Pps.toString('hex'),
      slice(1, { key: true }).toString('hex'),
      '09f0',
    ].join('00000001'),
  );
});

test('payloads made of nonsense never throw and never grow without bound', () => {
  const units = assembler();
  const line = new PacketLine();
  for (let seed = 0; seed < 5_000; seed += 1) {
    const payload = Buffer.from([seed & 0xff, (seed * 7) & 0xff, (seed * 13) & 0xff, seed % 5, seed % 3]);
    expect(units.push(line.next(payload, seed >> 3, seed % 8 === 0)).length).toBeLessThan(3);
  }
});
