import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentOf, framed } from '../../../demo/simulators/jt808/jt808-message.ts';
import { Jt808Terminal } from '../../../demo/simulators/jt808-terminal.ts';
import { IntakeCounters } from '../../../src/ingest/intake-counters.ts';
import { Jt808Server } from '../../../src/ingest/jt808/jt808-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { jt808, jt808Devices, phones, wholeSecond, xun3 } from './terminal.ts';

const head = { edition: 2013, phone: phones.xun7 } as const;
const ids = fc.oneof(fc.constantFrom(0x0001, 0x0002, 0x0100, 0x0102, 0x0200, 0x0704, 0x0801), fc.nat(0xffff));
const bytes = fc.uint8Array({ maxLength: 700 });
const part = fc.option(fc.record({ total: fc.nat(70), number: fc.nat(70) }), { nil: undefined });

/** Right in its frame and wrong in what is in it, wrong in both, or nothing at all. */
const chunk = fc.oneof(
  bytes.map(Buffer.from),
  fc.array(fc.constantFrom(0x7e, 0x7d, 1, 2), { maxLength: 200 }).map(Buffer.from),
  bytes.map((content) => framed(content)),
  fc
    .record({ id: ids, serial: fc.nat(0xffff), body: bytes.map(Buffer.from), part })
    .map(({ part: piece, ...message }) => framed(contentOf(message, { ...head, ...(piece && { part: piece }) }))),
);

test('any bytes, cut anyhow, of strangers and of a terminal gone mad: the server lives, and its neighbour is served', async () => {
  const counters = new IntakeCounters();
  const options = { ...jt808, devices: jt808Devices, counters, append: async () => {}, log: silentLog };
  await using server = new Jt808Server(options);
  await server.start();
  const { port } = server.address;
  await using healthy = await Jt808Terminal.connect({ port, ...xun3 });
  await healthy.logIn();
  const stream = fc.record({
    chunks: fc.array(chunk, { maxLength: 12 }),
    step: fc.integer({ min: 1, max: 400 }),
    isKnown: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(stream, async ({ chunks, step, isKnown }) => {
      await using mad = await Jt808Terminal.connect({ port, phone: phones.xun7 });
      if (isKnown) await mad.logIn();
      const all = Buffer.concat(chunks);
      for (let from = 0; from < all.length; from += step) await mad.flush(all.subarray(from, from + step));
      expect(await healthy.report({ at: wholeSecond(), lat: 27.3, lon: 105.29 })).toBe(0);
    }),
    { numRuns: 150 },
  );
  expect(server.connected).toBeGreaterThanOrEqual(1);
  expect(counters.accepted.position).toBeGreaterThanOrEqual(150);
  expect(Object.keys(counters.refused).length).toBeGreaterThan(5);
  await using back = await Jt808Terminal.connect({ port, phone: phones.xun7 });
  await back.logIn();
  expect(await back.report({ at: wholeSecond(), lat: 27.3, lon: 105.29 })).toBe(0);
});
