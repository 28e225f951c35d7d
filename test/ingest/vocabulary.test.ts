import { describe, expect, test } from 'vitest';
import type { DecoderConfig } from '../../src/ingest/decoders/decoder-config.ts';
import { Vocabulary, type VocabularyOptions } from '../../src/ingest/vocabulary.ts';

const values = { temperature: { pointer: '/t' } };
const decoder = (id: string, topic: string, device?: string): DecoderConfig => ({
  id,
  topic,
  type: 'reading',
  values,
  ...(device !== undefined && { device }),
});

function vocabulary(decoders: readonly DecoderConfig[], more: Partial<VocabularyOptions> = {}) {
  const devices = [{ id: 'ws06' }, { id: 'ws07', topicName: 'Bridge 7' }, { id: 'wx-north' }];
  return new Vocabulary({ devices, decoders, dialects: [], ...more });
}

describe('who speaks', () => {
  test.each<[string, string | undefined, string, string | undefined]>([
    ['plant/{device}/env', undefined, 'plant/ws06/env', 'ws06'],
    ['plant/{device}/env', undefined, 'plant/Bridge 7/env', 'ws07'],
    ['plant/{device}/env', undefined, 'plant/nobody/env', undefined],
    ['site/+/{station}/#', 'wx-{station}', 'site/x/north/a/b', 'wx-north'],
    ['site/{a}/{b}', '{a}{b}', 'site/ws/06', 'ws06'],
    ['only/here', 'ws06', 'only/here', 'ws06'],
  ])('on %s with device %s, %s is %s', (topic, ...[device, heard, speaker]) => {
    expect(vocabulary([decoder('d', topic, device)]).understand(heard)).toMatchObject({
      decoder: 'd',
      device: speaker,
    });
  });
});

test('of decoders whose topics overlap the first in the file wins, and all win against a dialect', () => {
  const decoders = [decoder('broad', 'plant/#', 'ws06'), decoder('narrow', 'plant/{device}/env')];
  expect(vocabulary(decoders).understand('plant/ws07/env')?.decoder).toBe('broad');
  expect(vocabulary(decoders.toReversed()).understand('plant/ws07/env')?.decoder).toBe('narrow');
  const tele = [decoder('mine', 'tele/{device}/SENSOR')];
  expect(vocabulary(tele, { dialects: ['tasmota'] }).understand('tele/ws06/SENSOR')?.decoder).toBe('mine');
  expect(vocabulary(tele, { dialects: ['tasmota'] }).understand('tele/ws06/LWT')?.decoder).toBe('tasmota');
});

test('what stands below tianliang/ no decoder takes, however broad', () => {
  const everything = vocabulary([decoder('all', '#', 'ws06')]);
  expect(everything.understand('tianliang/sensors/ws06/reading')?.decoder).toBe('tianliang');
  expect(everything.understand('tianliang/alerts/1')).toBeUndefined();
  expect(everything.understand('x')?.decoder).toBe('all');
});

test('only the dialects that are switched on are understood; by default that is OwnTracks', () => {
  expect(vocabulary([], { dialects: undefined }).understand('owntracks/ws06/x')?.decoder).toBe('owntracks');
  expect(vocabulary([]).understand('owntracks/ws06/x')).toBeUndefined();
  expect(vocabulary([], { dialects: ['shelly'] }).understand('ws06/status/temperature:0')?.decoder).toBe('shelly');
});

test.each([
  ['plant/ws06/env', true],
  ['plant/Bridge 7/env', false],
  ['plant/nobody/env', false],
  ['fixed', true],
  ['other', false],
  ['tianliang/sensors/ws06/reading', true],
  ['tianliang/sensors/ws07/reading', false],
  ['nobody/knows/this', false],
  ['plant/+/env', false],
])('ws06 publishing on %s: %s', (topic, allowed) => {
  const decoders = [decoder('env', 'plant/{device}/env'), decoder('a', 'fixed', 'ws06'), decoder('b', 'other', 'ws07')];
  expect(vocabulary(decoders).mayPublish('ws06', topic)).toBe(allowed);
});

test('a broker is asked for what is configured, and for nothing twice', () => {
  const decoders = [
    decoder('env', 'plant/{device}/env'),
    decoder('all', 'plant/#', 'ws06'),
    decoder('b', 'x/+', 'ws06'),
  ];
  expect(vocabulary(decoders, { dialects: ['owntracks'] }).filters).toEqual([
    'tianliang/terminals/+/position',
    'tianliang/terminals/+/status',
    'tianliang/terminals/+/sos',
    'tianliang/terminals/+/receipt',
    'tianliang/sensors/+/reading',
    'plant/#',
    'x/+',
    'owntracks/+/+',
    'owntracks/+/+/event',
    'owntracks/+/+/waypoint',
    'owntracks/+/+/waypoints',
  ]);
});

test('an empty retained payload clears and says nothing', () => {
  const understood = vocabulary([decoder('env', 'plant/{device}/env')]).understand('plant/ws06/env');
  const arrival = { device: 'ws06', payload: Buffer.alloc(0), receivedAt: new Date() };
  expect(understood?.decode(arrival, true)).toEqual({ ok: false, reason: 'retained-clear', ignored: true });
  expect(understood?.decode(arrival, false)).toEqual({ ok: false, reason: 'not-json' });
});
