import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/ingest/decoders/decode.ts';
import { parseTime } from '../../src/ingest/decoders/device-clock.ts';
import { reviveMessage, serializeMessage } from '../../src/ingest/device-message.ts';
import type { TopicKind } from '../../src/ingest/topics.ts';

const receivedAt = new Date('2026-11-21T08:00:00.000Z');
const at = '2026-11-21T07:59:58.500Z';

const bytesOf = (payload: unknown) => Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));

function say(kind: TopicKind, payload: unknown, retain = false) {
  return decode(kind, { device: 'xun7', payload: bytesOf(payload), receivedAt }, retain);
}

const stamp = { device: 'xun7', at: new Date(at), receivedAt };
const place = { at, lat: 27.3, lon: 105.29 };

describe('what is said', () => {
  test('a position is a message and its points', () => {
    expect(say('position', { ...place, speed: 12, heading: 90, accuracy: 4, battery: 80, future: 'field' })).toEqual({
      ok: true,
      message: {
        type: 'position',
        ...stamp,
        point: { lat: 27.3, lon: 105.29 },
        speed: 12,
        heading: 90,
        accuracy: 4,
        battery: 80,
      },
      measured: { lat: 27.3, lon: 105.29, speed: 12, heading: 90, accuracy: 4, battery: 80 },
    });
  });

  test.each([
    ['gcj02', 105.28, 105.29],
    ['bd09', 105.27, 105.285],
  ])('a %s position becomes WGS-84', (datum, west, east) => {
    const decoded = say('position', { ...place, datum });
    const point = decoded.ok && decoded.message.type === 'position' ? decoded.message.point : undefined;
    expect(point?.lon).toBeGreaterThan(west);
    expect(point?.lon).toBeLessThan(east);
  });

  test('a last will without a time says that the terminal is gone', () => {
    expect(say('status', '{"online":false}')).toMatchObject({ message: { online: false, at: receivedAt } });
  });

  test('a status is of a device that is there', () => {
    const status = { at, battery: 55, signal: -80, channel: 3, ptt: true };
    expect(say('status', status)).toMatchObject({ message: { online: true, channel: '3', ptt: true, signal: -80 } });
  });

  test('a receipt', () => {
    expect(say('receipt', { assignment: 'a-1', state: 'accepted' })).toMatchObject({
      message: { type: 'receipt', assignment: 'a-1', state: 'accepted' },
    });
  });

  test('a reading; a probe that is out of order does not silence its neighbours', () => {
    expect(say('reading', { at, values: { visibility: 180, temperature: 2.5, wind: null } })).toMatchObject({
      message: { type: 'reading', values: { visibility: 180, temperature: 2.5 } },
      measured: { visibility: 180, temperature: 2.5 },
    });
  });

  test('an empty retained payload clears and says nothing', () => {
    expect(say('sos', '', true)).toEqual({ ok: false, reason: 'retained-clear', ignored: true });
  });
});

describe('what is refused, with its reason', () => {
  test.each<[string, TopicKind, unknown, string]>([
    ['no JSON', 'position', '{"at"', 'not-json'],
    ['nothing', 'position', '', 'not-json'],
    ['null', 'position', 'null', 'wrong-payload'],
    ['latitude 91', 'position', { ...place, lat: 91 }, 'wrong-payload'],
    ['a text where a number is due', 'position', { ...place, lat: '27.3' }, 'wrong-payload'],
    ['0/0', 'position', { at, lat: 0, lon: 0 }, 'null-island'],
    ['no time', 'position', { lat: 27.3, lon: 105.29 }, 'wrong-payload'],
    ['a time that is none', 'position', { ...place, at: 'yesterday' }, 'wrong-time'],
    ['an unknown datum', 'position', { ...place, datum: 'mars' }, 'wrong-payload'],
    ['1e999', 'reading', `{"at":"${at}","values":{"visibility":1e999}}`, 'wrong-payload'],
    ['a text as a value', 'reading', { at, values: { visibility: '180' } }, 'wrong-payload'],
    ['__proto__', 'reading', `{"at":"${at}","values":{"__proto__":1}}`, 'wrong-payload'],
    ['constructor', 'reading', `{"at":"${at}","values":{"constructor":1}}`, 'wrong-payload'],
    ['a name with a newline', 'reading', { at, values: { 'a\nb': 1 } }, 'wrong-payload'],
    ['no value', 'reading', { at, values: {} }, 'wrong-payload'],
    ['100 000 brackets', 'reading', '['.repeat(30_000), 'too-deep'],
    ['a megabyte', 'reading', `"${'x'.repeat(1_000_000)}"`, 'too-large'],
    ['an unknown state', 'receipt', { assignment: 'a', state: 'eaten' }, 'wrong-payload'],
  ])('%s', (_, ...[kind, payload, reason]) => {
    expect(say(kind, payload)).toEqual({ ok: false, reason });
  });

  test('invalid UTF-8', () => {
    const payload = Buffer.from([0x22, 0xff, 0x22]);
    expect(decode('reading', { device: 'ws01', payload, receivedAt }, false)).toEqual({
      ok: false,
      reason: 'not-utf8',
    });
  });
});

describe('an SOS is an SOS', () => {
  test.each<[string, unknown]>([
    ['with a bad position', { at, lat: 91, lon: 105 }],
    ['at 0/0', { at, lat: 0, lon: 0 }],
    ['with a clock in 1970', { at: '1970-01-01T00:00:00Z' }],
    ['with a time that is none', { at: 42 }],
    ['with no JSON at all', 'help'],
    ['empty', ''],
    ['too large', 'x'.repeat(100_000)],
  ])('%s', (_, payload) => {
    const decoded = say('sos', payload);
    expect(decoded).toMatchObject({ ok: true, message: { type: 'sos', device: 'xun7' } });
    expect(decoded.ok && 'point' in decoded.message).toBe(false);
  });

  test('with a good one it has a place, and its text is safe to print', () => {
    expect(say('sos', { ...place, text: 'a\u0000b\r\nc' })).toMatchObject({
      message: { point: { lat: 27.3, lon: 105.29 }, text: 'a b c' },
    });
  });

  test('the same message sent again has the same key, another press another', () => {
    const key = (payload: unknown) => {
      const decoded = say('sos', payload);
      return decoded.ok && decoded.message.type === 'sos' ? decoded.message.key : '';
    };
    expect(key({ at })).toBe(key({ at }));
    expect(key({ at })).not.toBe(key({ at: '2026-11-21T07:59:59Z' }));
  });
});

describe('clocks', () => {
  test.each([
    ['within five minutes', '2026-11-21T07:56:00Z', '2026-11-21T07:56:00Z', false],
    ['an hour late: kept back while out of reach', '2026-11-21T07:00:00Z', '2026-11-21T07:00:00Z', true],
    ['a day late', '2026-11-20T08:00:00Z', '2026-11-20T08:00:00Z', true],
    ['1970', '1970-01-01T00:00:00Z', receivedAt.toISOString(), true],
    ['a day ahead', '2026-11-22T08:00:00Z', receivedAt.toISOString(), true],
    ['2099', '2099-01-01T00:00:00Z', receivedAt.toISOString(), true],
  ])('%s', (_, ...[claimed, believed, flagged]) => {
    const decoded = say('position', { ...place, at: claimed });
    const message = decoded.ok ? decoded.message : undefined;
    expect(message).toMatchObject({ at: new Date(believed), receivedAt });
    expect(message?.skewedAt).toEqual(flagged ? new Date(claimed) : undefined);
  });

  test.each([
    ['2026-11-21T08:00:00+08:00', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21t08:00:00z', '2026-11-21T08:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
    ['2026-11-21T08:00:00.123456789Z', '2026-11-21T08:00:00.123Z'],
    ['2026-02-30T08:00:00', undefined],
    ['2026-13-01T08:00:00Z', undefined],
    ['1795225533643', undefined],
  ])('%s', (text, expected) => {
    expect(parseTime(text)?.toISOString()).toBe(expected);
  });
});

test('whatever bytes arrive on whatever topic, decoding answers', () => {
  const kinds: TopicKind[] = ['position', 'status', 'sos', 'receipt', 'reading'];
  const payloads = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(Buffer.from));
  fc.assert(
    fc.property(fc.constantFrom(...kinds), payloads, fc.boolean(), (kind, payload, retain) => {
      const decoded = decode(kind, { device: 'xun7', payload, receivedAt }, retain);
      if (decoded.ok) expect(reviveMessage(serializeMessage(decoded.message))).toEqual(decoded.message);
    }),
  );
});
