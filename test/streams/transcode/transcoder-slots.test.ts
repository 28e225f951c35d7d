import { expect, test } from 'vitest';
import { TranscoderSlots, TranscodersBusyError } from '../../../src/streams/transcode/transcoder-slots.ts';

class Holder {
  spare = false;
  leave: (() => void) | undefined;
  yieldSlot(): void {
    this.leave?.();
  }
}

test('no more than the limit hold a slot; one that nobody watches gives way', () => {
  const slots = new TranscoderSlots(2);
  const [a, b, c] = [new Holder(), new Holder(), new Holder()];
  a.leave = slots.take(a);
  b.leave = slots.take(b);
  expect(slots.free).toBe(false);
  expect(() => slots.take(c)).toThrow(TranscodersBusyError);
  b.spare = true;
  expect(slots.free).toBe(true);
  c.leave = slots.take(c);
  expect([slots.used, slots.free]).toEqual([2, false]);
  b.leave();
  expect(slots.used).toBe(2);
  a.leave();
  expect([slots.used, slots.free]).toEqual([1, true]);
});

test('the refusal names the setting and says when to come again; a limit of 0 turns transcoding off', () => {
  const refuse = () => new TranscoderSlots(0).take(new Holder());
  expect(refuse).toThrow(/0 streams .* video\.transcoders/);
  expect(new TranscodersBusyError(2)).toMatchObject({ statusCode: 503, retryAfterSeconds: 10 });
});
