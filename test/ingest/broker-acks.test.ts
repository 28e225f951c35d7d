import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { BrokerAcks } from '../../src/ingest/broker-acks.ts';

test('what is acknowledged in one turn goes out in one piece, in order', async () => {
  const stream = new PassThrough();
  const acks = new BrokerAcks(stream);
  for (const id of [1, 0x1234, 0xffff]) acks.add(id);
  const [piece] = await once(stream, 'data');
  expect(piece.toString('hex')).toBe('40020001' + '40021234' + '4002ffff');
  acks.add(7);
  expect((await once(stream, 'data'))[0].toString('hex')).toBe('40020007');
});

test('a write that fails does not end the stream: there is more to read', async () => {
  const written = Promise.withResolvers<void>();
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      done(new Error('EPIPE'));
      written.resolve();
    },
  });
  new BrokerAcks(stream).add(1);
  await written.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(stream.destroyed).toBe(false);
});
