import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileDecoder } from '../../../src/ingest/decoders/configured.ts';
import type { DecoderConfig } from '../../../src/ingest/decoders/decoder-config.ts';
import { reviveMessage, serializeMessage } from '../../../src/ingest/device-message.ts';
import { receivedAt } from './arrivals.ts';

type Parts = Partial<DecoderConfig>;

function decoder(type: DecoderConfig['type'], parts: Parts) {
  const decode = compileDecoder({ id: 'd', topic: 'plant/{device}/env', type, ...parts });
  return (payload: unknown) => {
    const bytes = payload instanceof Uint8Array ? payload : Buffer.from(textOf(payload));
    return decode({ device: 'ws06', payload: bytes, receivedAt });
  };
}

const textOf = (payload: unknown) => (typeof payload === 'string' ? payload : JSON.stringify(payload));

describe('a reading', () => {
  const say = decoder('reading', {
    at: { pointer: '/meta/ts', form: 'milliseconds' },
    values: {
      visibility: { pointer: '/vis', unit: 'km', minimum: 0, maximum: 10_000 },
      temperature: { pointer: '/t/0', unit: '°F' },
      wind: { pointer: '/a~1b/~0w', unit: 'kn' },
      waterLevel: { pointer: '/level', scale: 0.01, offset: -2 },
      counter: { pointer: '/n' },
    },
  });
  const ts = receivedAt.getTime() - 500;

  test('every value is found by its pointer and becomes ours', () => {
    expect(say({ meta: { ts }, vis: 0.18, t: [36.5], 'a/b': { '~w': 36 }, level: '250', n: 7 })).toEqual({
      ok: true,
      message: {
        type: 'reading',
        device: 'ws06',
        at: new Date(ts),
        receivedAt,
        values: { visibility: 180, temperature: 2.5, wind: 18.52, waterLevel: 0.5, counter: 7 },
      },
      measured: { visibility: 180, temperature: 2.5, wind: 18.52, waterLevel: 0.5, counter: 7 },
    });
  });

  test('what is not there or null is not missed, what is wrong is named, and the neighbours count', () => {
    expect(say({ meta: { ts }, vis: 99, t: ['hot'], level: null, n: 1 })).toEqual({
      ok: true,
      message: expect.objectContaining({ values: { counter: 1 } }),
      measured: { counter: 1 },
      faults: [
        { pointer: '/vis', expected: '0 to 10000 m' },
        { pointer: '/t/0', expected: 'a number' },
      ],
    });
  });

  test.each<[string, unknown, object]>([
    ['no JSON', 'hello', { reason: 'not-json' }],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), { reason: 'not-utf8' }],
    ['a time that is none', { meta: { ts: 'now' }, n: 1 }, { reason: 'wrong-time', faults: [{ pointer: '/meta/ts' }] }],
    ['no time', { n: 1 }, { reason: 'wrong-time', faults: [{ pointer: '/meta/ts' }] }],
    ['no year a calendar has', { meta: { ts: 1e300 }, n: 1 }, { reason: 'wrong-time' }],
    ['no value at all', { meta: { ts } }, { reason: 'wrong-payload', faults: [{ pointer: '/vis' }, {}, {}, {}, {}] }],
    ['only a wrong one', { meta: { ts }, n: [] }, { reason: 'wrong-payload', faults: [{ pointer: '/n' }] }],
    ['what every object has', { meta: { ts }, n: { constructor: 1 } }, { reason: 'wrong-payload' }],
  ])('%s is refused', (_, ...[payload, refusal]) => {
    expect(say(payload)).toMatchObject({ ok: false, ...refusal });
  });

  test.each([
    ['21.5', 21.5],
    [' -3 \n', -3],
    ['"4e1"', 40],
    ['007', 7],
  ])('the bare payload %j is a number', (payload, temperature) => {
    const bare = decoder('reading', { values: { temperature: { pointer: '' } } });
    expect(bare(payload)).toMatchObject({ measured: { temperature } });
  });

  test.each(['', 'warm', '12 °C', '0x10', 'Infinity', '1e999', 'true', '[]'])(
    'the bare payload %j is none',
    (payload) => {
      const bare = decoder('reading', { values: { temperature: { pointer: '' } } });
      expect(bare(payload)).toMatchObject({ ok: false });
    },
  );
});

describe('a position', () => {
  const say = decoder('position', {
    at: { pointer: '/time', form: 'rfc3339' },
    position: {
      lat: { pointer: '/gps/lat' },
      lon: { pointer: '/gps/lng' },
      speed: { pointer: '/v', unit: 'km/h' },
      heading: { pointer: '/h' },
      battery: { pointer: '/b', unit: 'ratio' },
    },
  });
  const time = '2026-11-21T07:59:58Z';

  test('in our units', () => {
    expect(say({ time, gps: { lat: 27.3, lng: 105.29 }, v: 36, h: 90, b: 0.8 })).toMatchObject({
      message: { type: 'position', at: new Date(time), point: { lat: 27.3, lon: 105.29 }, speed: 10, battery: 80 },
      measured: { lat: 27.3, lon: 105.29, speed: 10, heading: 90, battery: 80 },
    });
  });

  test('of another datum becomes WGS-84', () => {
    const fields = { lat: { pointer: '/lat' }, lon: { pointer: '/lon' }, datum: 'gcj02' } as const;
    const decoded = decoder('position', { position: fields })({ lat: 27.3, lon: 105.29 });
    expect(decoded.ok && decoded.measured.lon).toBeLessThan(105.289);
  });

  test('a wrong speed is left out; without a place it is refused', () => {
    expect(say({ time, gps: { lat: 27.3, lng: 105.29 }, v: 9_999 })).toMatchObject({
      ok: true,
      faults: [{ pointer: '/v', expected: '0 to 200 m/s' }],
    });
    expect(say({ time, gps: { lat: 91 } })).toMatchObject({
      reason: 'wrong-payload',
      faults: [
        { pointer: '/gps/lat', expected: '-90 to 90 °' },
        { pointer: '/gps/lng', expected: 'degrees' },
      ],
    });
    expect(say({ time, gps: { lat: 0, lng: 0 } })).toMatchObject({ reason: 'null-island' });
  });
});

describe('a status', () => {
  test.each<[string, string | number | boolean, boolean]>([
    ['Online', 'Online', true],
    ['Offline', 'Online', false],
    ['1', 1, true],
    ['true', true, true],
    ['"true"', true, true],
    ['false', true, false],
  ])('the bare payload %s, where %o means yes: %s', (payload, is, online) => {
    expect(decoder('status', { status: { online: { pointer: '', is } } })(payload)).toMatchObject({
      message: { type: 'status', online },
    });
  });

  test('with its fields; without a word on being there it is there', () => {
    const say = decoder('status', {
      status: {
        battery: { pointer: '/b' },
        signal: { pointer: '/s' },
        ptt: { pointer: '/p', is: 'down' },
        channel: { pointer: '/c' },
      },
    });
    expect(say({ b: 55, s: -80, p: 'down', c: 3 })).toMatchObject({
      message: { online: true, battery: 55, signal: -80, ptt: true, channel: '3' },
      measured: { battery: 55, signal: -80 },
    });
  });

  test('where it should say so and does not, it is refused', () => {
    const say = decoder('status', { status: { online: { pointer: '/up', is: true } } });
    expect(say({})).toMatchObject({ reason: 'wrong-payload', faults: [{ pointer: '/up' }] });
  });
});

describe('a call for help', () => {
  const say = decoder('sos', {
    at: { pointer: '/at', form: 'seconds' },
    sos: {
      when: { pointer: '/alarm', is: 1 },
      lat: { pointer: '/lat' },
      lon: { pointer: '/lon' },
      text: { pointer: '/text' },
    },
  });

  test('with a place and a text', () => {
    expect(say({ alarm: 1, lat: 27.3, lon: 105.29, text: 'a\u0000b' })).toMatchObject({
      message: { type: 'sos', point: { lat: 27.3, lon: 105.29 }, text: 'a b' },
    });
  });

  test.each<[string, unknown]>([
    ['a broken place', { alarm: 1, lat: 91, lon: 105 }],
    ['0/0', { alarm: 1, lat: 0, lon: 0 }],
    ['a time that is none', { alarm: 1, at: 'now' }],
    ['no word on the alarm', {}],
    ['no JSON at all', 'help'],
    ['nothing', ''],
  ])('is one with %s', (_, payload) => {
    const decoded = say(payload);
    expect(decoded).toMatchObject({ ok: true, message: { type: 'sos', device: 'ws06' } });
    expect(decoded.ok && 'point' in decoded.message).toBe(false);
  });

  test('a button that is not pressed calls nobody', () => {
    expect(say({ alarm: 0 })).toEqual({ ok: false, reason: 'no-call', ignored: true });
  });
});

test('whatever bytes arrive, a decoder answers, and its message survives the disk', () => {
  const field = (pointer: string) => ({ pointer });
  const decoders = [
    decoder('reading', { at: { pointer: '/at', form: 'seconds' }, values: { a: field('/0'), b: field('/b') } }),
    decoder('reading', { values: { a: field('') } }),
    decoder('position', { position: { lat: field('/0'), lon: field('/1') } }),
    decoder('status', { status: { online: { pointer: '', is: true } } }),
    decoder('sos', { sos: { text: field('') } }),
  ];
  const payloads = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(Buffer.from));
  fc.assert(
    fc.property(fc.constantFrom(...decoders), payloads, (say, payload) => {
      const decoded = say(payload);
      if (decoded.ok) expect(reviveMessage(serializeMessage(decoded.message))).toEqual(decoded.message);
    }),
  );
});
