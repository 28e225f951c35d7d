import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectFault } from '../../src/ingest/broker/connect-packet.ts';
import { field, hello } from './mqtt-frames.ts';

const payloadOf = (flags: number) => {
  const named = [field('id')];
  if (flags & 0x04) named.push(field('a/b'), field('gone'));
  if (flags & 0x80) named.push(field('user'));
  if (flags & 0x40) named.push(field('secret'));
  return named;
};

/** MQTT 3.1.1 §3.1.2.3, said once more. */
const isAllowed = (flags: number) => {
  const [will, qos, retain] = [(flags >> 2) & 1, (flags >> 3) & 3, (flags >> 5) & 1];
  const [password, user] = [(flags >> 6) & 1, flags >> 7];
  return (flags & 1) === 0 && qos < 3 && (will === 1 || (qos === 0 && retain === 0)) && user >= password;
};

test('each of the 256 flags is taken or refused as the standard has it, with the fields it speaks of', () => {
  const flags = Array.from({ length: 256 }, (_, n) => n);
  const taken = flags.filter(
    (some) => connectFault(hello('id', { flags: some, payload: payloadOf(some) })) === undefined,
  );
  expect(taken).toEqual(flags.filter(isAllowed));
});

test('with a field too few or too many, or cut anywhere, it is no CONNECT', () => {
  const whole = hello('id', { flags: 0xce, payload: payloadOf(0xce) });
  expect(connectFault(whole)).toBeUndefined();
  for (let length = 2; length < whole.length; length += 1)
    expect(connectFault(whole.subarray(0, length))).toBe('malformed-frame');
  expect(connectFault(Buffer.concat([whole, Buffer.alloc(1)]))).toBe('malformed-frame');
  expect(connectFault(hello('id', { flags: 0xce, payload: payloadOf(0xce).slice(1) }))).toBe('malformed-frame');
});

test('another level of the protocol is told from what is not MQTT', () => {
  const levels = Array.from({ length: 256 }, (_, level) => connectFault(hello('id', { level })));
  expect(levels.flatMap((fault, level) => (fault === undefined ? [level] : []))).toEqual([4]);
  expect(new Set(levels)).toEqual(new Set([undefined, 'wrong-level']));
  expect(connectFault(hello('id', { name: 'HTTP' }))).toBe('malformed-frame');
});

test('whatever a stranger sends, there is an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(connectFault(Buffer.from(bytes))).toBeOneOf([undefined, 'malformed-frame', 'wrong-level']);
    }),
  );
});
