import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReorderBuffer, reorderLimits } from '../../../src/streams/rtp/reorder-buffer.ts';

function packet(sequence: number): Buffer {
  const data = Buffer.alloc(12);
  data.writeUInt16BE(sequence & 0xffff, 2);
  return data;
}

function deliver(sequences: readonly number[], nowMs: (index: number) => number = () => 0) {
  const out: number[] = [];
  const buffer = new ReorderBuffer((data) => out.push(data.readUInt16BE(2)));
  for (const [index, sequence] of sequences.entries()) buffer.push(packet(sequence), nowMs(index));
  return { out, buffer };
}

test.each([
  ['in order', [1, 2, 3], [1, 2, 3]],
  ['two swapped', [1, 3, 2, 4], [1, 2, 3, 4]],
  ['across the wrap', [65_534, 0, 65_535, 1], [65_534, 65_535, 0, 1]],
  ['doubled', [1, 2, 2, 3, 1], [1, 2, 3]],
  ['doubled while held', [1, 3, 3, 2], [1, 2, 3]],
])('packets %s come out in order and once', (_, sequences, expected) => {
  const { out, buffer } = deliver(sequences);
  expect(out).toEqual(expected);
  expect(buffer.held).toBe(0);
});

test('what never comes is waited for until 32 others wait, or 100 ms went by', () => {
  const after = (count: number) => Array.from({ length: count }, (_, index) => index + 3);
  expect(deliver([1, ...after(32)]).out).toEqual([1]);
  expect(deliver([1, ...after(33)]).out).toEqual([1, ...after(33)]);
  expect(deliver([1, 3, 4], (index) => (index === 2 ? reorderLimits.waitMs : 0)).out).toEqual([1, 3, 4]);
  const { out, buffer } = deliver([1, 3, 5]);
  buffer.expire(reorderLimits.waitMs - 1);
  expect(out).toEqual([1]);
  buffer.expire(reorderLimits.waitMs);
  expect(out).toEqual([1, 3, 5]);
  buffer.push(packet(4), 200);
  expect(out).toEqual([1, 3, 5]);
  expect(buffer.late).toBe(1);
});

test('a sender that starts its numbers over is followed within the bound', () => {
  const { out } = deliver([60_000, 60_001, ...Array.from({ length: 40 }, (_, index) => 100 + index)]);
  expect(out.slice(2)).toEqual(Array.from({ length: 40 }, (_, index) => 100 + index));
});

test('any packets shuffled within the window come out in order, whole', () => {
  const shifts = fc.array(fc.integer({ min: 0, max: 16 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(shifts, fc.integer({ min: 0, max: 0xffff }), (delays, start) => {
      const sent = delays.map((delay, index) => ({ sequence: (start + index) & 0xffff, key: index + delay }));
      const [first, ...rest] = sent;
      const arrived = [first, ...rest.sort((a, b) => a.key - b.key)].map((one) => one?.sequence ?? 0);
      expect(deliver(arrived).out).toEqual(sent.map((_, index) => (start + index) & 0xffff));
    }),
  );
});
