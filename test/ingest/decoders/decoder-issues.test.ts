import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { DevicesConfig, ingestIssues, MqttConfig, TelemetryConfig } from '../../../src/ingest/config.ts';
import { DecodersConfig, DialectsConfig } from '../../../src/ingest/decoders/decoder-config.ts';
import { checkValue } from '../../../src/shared/check-value.ts';

const File = Type.Object(
  {
    mqtt: MqttConfig,
    devices: DevicesConfig,
    telemetry: TelemetryConfig,
    decoders: DecodersConfig,
    dialects: DialectsConfig,
  },
  { additionalProperties: false },
);
const device = (id: string, more = {}) => ({ id, password: 'p', kind: 'sensor', ...more });

function issuesOf(input: object): string[] {
  const checked = checkValue(File, input);
  const issues = checked.ok ? ingestIssues(checked.value) : checked.issues;
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

const env = { id: 'env', topic: 'plant/{device}/env', type: 'reading', values: { visibility: { pointer: '/vis' } } };
const decoderIssuesOf = (...decoders: object[]) => issuesOf({ devices: [device('ws06')], decoders });

test('without a word on it OwnTracks is understood, and nothing else', () => {
  const checked = checkValue(File, {});
  expect(checked.ok && checked.value).toMatchObject({ decoders: [], dialects: ['owntracks'] });
});

test('a full list is fine', () => {
  const number = { pointer: '/a/0/b~1c', unit: 'km', scale: 2, offset: -1, minimum: 0, maximum: 9 };
  const at = { pointer: '/ts', form: 'seconds' };
  expect(
    decoderIssuesOf(
      { ...env, at, values: { visibility: number, counter: { pointer: '/n', scale: 0.1 } } },
      {
        id: 'gps',
        topic: 'cars/{car}/gps',
        device: 'ws{car}',
        type: 'position',
        position: {
          lat: { pointer: '/0' },
          lon: { pointer: '/1' },
          speed: { pointer: '/2', unit: 'kn' },
          accuracy: { pointer: '/3', unit: 'ft' },
          datum: 'gcj02',
        },
      },
      { id: 'up', topic: 'plant/{device}/up', type: 'status', status: { online: { pointer: '', is: 'Online' } } },
      { id: 'help', topic: 'plant/button', device: 'ws06', type: 'sos' },
    ),
  ).toEqual([]);
});

const position = { lat: { pointer: '/lat' }, lon: { pointer: '/lon' } };

test.each<[string, object, RegExp]>([
  ['a topic of ours', { ...env, topic: 'tianliang/sensors/{device}/x' }, /^decoders\.0\.topic .*tianliang\//],
  ['nobody who speaks', { ...env, topic: 'plant/+/env' }, /^decoders\.0\.topic expected a level \{device\}/],
  ['# in the middle', { ...env, topic: '{device}/#/env' }, /^decoders\.0\.topic .*last level/],
  ['a name the topic does not have', { ...env, device: 'wx-{station}' }, /^decoders\.0\.device .*\{station\} does not/],
  ['a device nobody has', { ...env, device: 'ws99' }, /^decoders\.0\.device expected the id of an entry of devices/],
  ['a slash in a device', { ...env, device: '{device}/x' }, /^decoders\.0\.device expected letters/],
  [
    'an unknown unit',
    { ...env, values: { visibility: { pointer: '/v', unit: 'furlong' } } },
    /^decoders\.0\.values\.visibility\.unit expected one of: m, km/,
  ],
  [
    'an impossible unit',
    { ...env, values: { visibility: { pointer: '/v', unit: '°F' } } },
    /^decoders\.0\.values\.visibility\.unit expected a unit that can be turned into m$/,
  ],
  [
    'a unit for what has none',
    { ...env, values: { counter: { pointer: '/v', unit: 'km' } } },
    /^decoders\.0\.values\.counter\.unit expected no unit/,
  ],
  [
    'an impossible unit of a speed',
    { ...env, values: undefined, type: 'position', position: { ...position, speed: { pointer: '/v', unit: 'Pa' } } },
    /^decoders\.0\.position\.speed\.unit .*m\/s/,
  ],
  [
    'no JSON pointer',
    { ...env, values: { visibility: { pointer: 'vis' } } },
    /^decoders\.0\.values\.visibility\.pointer expected a JSON pointer/,
  ],
  [
    '~2 in a pointer',
    { ...env, values: { visibility: { pointer: '/a~2' } } },
    /^decoders\.0\.values\.visibility\.pointer expected a JSON pointer/,
  ],
  [
    'a name of a measurement that is none',
    { ...env, values: { 'road temp': { pointer: '/v' } } },
    /^decoders\.0\.values\.road temp expected a name/,
  ],
  [
    'a name every object has',
    { ...env, values: { valueOf: { pointer: '/v' } } },
    /^decoders\.0\.values\.valueOf expected a name/,
  ],
  ['no values', { ...env, values: {} }, /^decoders\.0\.values expected 1 to 64/],
  ['a reading without values', { ...env, values: undefined }, /^decoders\.0\.values missing; expected what a reading/],
  ['a reading with a place', { ...env, position }, /^decoders\.0\.position expected values: the type is reading/],
  [
    'crossed bounds',
    { ...env, values: { visibility: { pointer: '/v', minimum: 9, maximum: 1 } } },
    /^decoders\.0\.values\.visibility\.minimum expected at most the maximum, 1/,
  ],
  [
    'a scale of nothing',
    { ...env, values: { visibility: { pointer: '/v', scale: 0 } } },
    /^decoders\.0\.values\.visibility\.scale/,
  ],
  ['an unknown type', { ...env, type: 'mood' }, /^decoders\.0\.type expected one of: reading, position, status, sos/],
  ['an unknown key', { ...env, unit: 'km' }, /^decoders\.0\.unit unknown key/],
  [
    'an unknown form of time',
    { ...env, at: { pointer: '/t', form: 'minutes' } },
    /^decoders\.0\.at\.form expected one of/,
  ],
])('%s is refused', (_, ...[decoder, message]) => {
  expect(decoderIssuesOf(decoder)).toEqual([expect.stringMatching(message)]);
});

test('everything that is wrong is said at once', () => {
  const wrong = {
    ...env,
    topic: 'a+/{device}',
    values: { wind: { pointer: '/w', unit: 'ft' }, rain: { pointer: '/r', scale: 0 } },
  };
  expect(decoderIssuesOf(env, wrong)).toEqual([
    expect.stringMatching(/^decoders\.1\.id is the id of decoders\[0\] already/),
    expect.stringMatching(/^decoders\.1\.topic /),
    expect.stringMatching(/^decoders\.1\.values\.wind\.unit /),
    expect.stringMatching(/^decoders\.1\.values\.rain\.scale /),
  ]);
});

test('a name on the wire leads to one device', () => {
  const devices = [device('a', { topicName: 'x' }), device('b', { topicName: 'x' }), device('c', { topicName: 'a' })];
  expect(issuesOf({ devices })).toEqual([
    'devices.1.topicName is a name of devices[0] already',
    'devices.2.topicName is a name of devices[0] already',
  ]);
  expect(issuesOf({ devices: [device('a', { topicName: 'a' })] })).toEqual([]);
  expect(issuesOf({ devices: [device('a', { topicName: 'a/b' })] })).toEqual([expect.stringMatching(/one level/)]);
});

test('an unknown dialect is refused, and exploring what hides nothing', () => {
  expect(issuesOf({ dialects: ['klingon'] })).toEqual([
    expect.stringMatching(/^dialects\.0 expected one of: owntracks/),
  ]);
  expect(issuesOf({ mqtt: { explore: true } })).toEqual([expect.stringMatching(/^mqtt\.explore expected with url/)]);
  expect(issuesOf({ mqtt: { url: 'mqtt://b', explore: true } })).toEqual([]);
});
