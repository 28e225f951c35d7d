import { expect, test } from 'vitest';
import { Reception } from '../../../src/streams/rtp/reception.ts';
import type { RtpPacket } from '../../../src/streams/rtp/rtp-packet.ts';

const payload = Buffer.alloc(4);

function packet(sequence: number, timestamp = 0): RtpPacket {
  return { sequence: sequence & 0xffff, timestamp: timestamp >>> 0, marker: true, payloadType: 96, payload };
}

test('losses are told since the last report and in all, across the wrap of sequence numbers', () => {
  const reception = new Reception(90_000);
  expect(reception.block(0)).toBeUndefined();
  for (let sequence = 65_500; sequence < 65_600; sequence += 1) {
    if (sequence % 4 !== 0) reception.note(7, packet(sequence), 0);
  }
  const first = reception.block(0);
  // 65500 itself was never seen: 99 expected, 75 came.
  expect(first).toMatchObject({ source: 7, lost: 24, fractionLost: Math.floor((256 * 24) / 99) });
  expect(first?.highestSequence).toBe(65_599);
  for (let sequence = 65_600; sequence < 65_700; sequence += 1) reception.note(7, packet(sequence), 0);
  expect(reception.block(0)).toMatchObject({ lost: 24, fractionLost: 0, highestSequence: 65_699 });
});

test('packets late or doubled count as come, never as a wrap', () => {
  const reception = new Reception(90_000);
  for (const sequence of [10, 11, 13, 12, 13]) reception.note(7, packet(sequence), 0);
  expect(reception.block(0)).toMatchObject({ lost: -1, fractionLost: 0, highestSequence: 13 });
});

test('a sender that starts over, or another one, is counted anew', () => {
  const reception = new Reception(90_000);
  for (const sequence of [100, 101, 30_000, 30_001]) reception.note(7, packet(sequence), 0);
  expect(reception.block(0)).toMatchObject({ lost: 0, highestSequence: 30_001 });
  reception.note(8, packet(5), 0);
  expect(reception.block(0)).toMatchObject({ source: 8, lost: 0, highestSequence: 5 });
});

test('jitter grows with uneven arrival (RFC 3550 §6.4.1), not with the wrap of timestamps', () => {
  const even = new Reception(90_000);
  for (let index = 0; index < 100; index += 1) even.note(7, packet(index, 0xffff_f000 + index * 3_600), index * 40);
  expect(even.block(0)?.jitter).toBe(0);
  const uneven = new Reception(90_000);
  for (let index = 0; index < 400; index += 1)
    uneven.note(7, packet(index, index * 3_600), index * 40 + (index % 2) * 10);
  expect(uneven.block(0)?.jitter).toBeGreaterThan(890);
  expect(uneven.block(0)?.jitter).toBeLessThanOrEqual(900);
});

test('the last sender report is repeated with how long ago it came', () => {
  const reception = new Reception(90_000);
  reception.note(7, packet(1), 0);
  reception.noteReport({ source: 7, timestamp: 0, wallMs: 0, middle: 0x12345678 }, 1_000);
  expect(reception.block(3_500)).toMatchObject({ lastReport: 0x12345678, delay: 163_840 });
});
