import { expect, test } from 'vitest';
import { DecodeGate, DecodersBusyError } from '../../../src/streams/frames/decode-gate.ts';

test('two at once, the others in turn, and those that fail make room too', async () => {
  const gate = new DecodeGate();
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const work = (index: number) => async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(index);
    inside -= 1;
    if (index % 3 === 0) throw new RangeError('no picture');
    return index;
  };
  const done = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => gate.run(work(index))));
  expect([most, inside, order]).toEqual([2, 0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]);
  expect(done.map(({ status }) => status === 'fulfilled')).toEqual(order.map((index) => index % 3 !== 0));
});

test('who would wait behind too many, or too long, is told to come again', async () => {
  const gate = new DecodeGate({ parallel: 1, waiting: 1, deadlineMs: 20 });
  const busy = Promise.withResolvers<string>();
  const first = gate.run(() => busy.promise);
  const late = gate.run(async () => 'late');
  await expect(gate.run(async () => 'third')).rejects.toThrow(DecodersBusyError);
  await expect(late).rejects.toMatchObject({ statusCode: 503, retryAfterSeconds: 2 });
  busy.resolve('done');
  expect([await first, await gate.run(async () => 'next')]).toEqual(['done', 'next']);
});
