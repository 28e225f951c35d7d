import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Packet } from '../../../src/ingest/jt808/packet.ts';
import { Reassembly } from '../../../src/ingest/jt808/reassembly.ts';

const peer = { edition: 2013, protocol: 0, phone: '013800138000' } as const;

function piece(number: number, total: number, { first = 10, id = 0x0704, body = `${number}` } = {}): Packet {
  return { id, peer, serial: (first + number - 1) & 0xffff, part: { total, number }, body: Buffer.from(body) };
}

function reassembly(limits = {}) {
  let forgotten = 0;
  const parts = new Reassembly(() => {
    forgotten += 1;
  }, limits);
  return { join: (packet: Packet, now = 0) => parts.join(packet, now), forgotten: () => forgotten };
}

test('pieces become one message in whatever order they come, and each serial is known', () => {
  const order = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(order, fc.nat(0xffff), (numbers, first) => {
      const { join } = reassembly();
      const joined = numbers.map((number) => join(piece(number, 8, { first })));
      expect(joined.slice(0, -1).every(({ state }) => state === 'waiting')).toBe(true);
      const serials = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => (first + number - 1) & 0xffff);
      expect(joined.at(-1)).toMatchObject({ state: 'whole', message: { body: Buffer.from('12345678'), serials } });
    }),
    { numRuns: 30 },
  );
});

test('a message in one packet is whole, and so is a piece of what we do not speak', () => {
  const { join } = reassembly();
  const { part: _, ...alone } = piece(1, 1);
  expect(join(alone)).toMatchObject({ state: 'whole', message: { serials: [10] } });
  expect(join(piece(2, 900, { id: 0x0801 }))).toMatchObject({ state: 'whole', message: { serials: [11] } });
});

test.each([
  ['no number', 0, 2],
  ['a number above its total', 3, 2],
  ['more pieces than anybody needs', 1, 65],
  ['a total of none', 0, 0],
])('a piece with %s is refused', (_, number, total) => {
  expect(reassembly().join(piece(number, total))).toEqual({ state: 'refused' });
});

test('a piece sent twice counts once', () => {
  const { join } = reassembly();
  expect(join(piece(1, 2)).state).toBe('waiting');
  expect(join(piece(1, 2)).state).toBe('waiting');
  expect(join(piece(2, 2))).toMatchObject({ state: 'whole', message: { body: Buffer.from('12') } });
});

test('what is never finished is forgotten: after a minute, or when another message needs the room', () => {
  const old = reassembly();
  old.join(piece(1, 2), 0);
  expect(old.join(piece(2, 2), 60_001)).toEqual({ state: 'waiting' });
  expect(old.forgotten()).toBe(1);

  const crowded = reassembly({ messages: 2 });
  for (const first of [100, 200, 300]) crowded.join(piece(1, 2, { first }));
  expect(crowded.forgotten()).toBe(1);
  expect(crowded.join(piece(2, 2, { first: 100 })).state).toBe('waiting');
  expect(crowded.join(piece(2, 2, { first: 300 })).state).toBe('whole');
});
