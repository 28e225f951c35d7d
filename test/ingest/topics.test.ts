import { describe, expect, test } from 'vitest';
import { DeviceCredentials } from '../../src/ingest/broker/device-credentials.ts';
import { isCleanId } from '../../src/ingest/mqtt-text.ts';
import { maySubscribe } from '../../src/ingest/topics.ts';
import { Vocabulary } from '../../src/ingest/vocabulary.ts';

const known = ['xun7', 'xun1', 'ws', 'ws-1'];
const vocabulary = new Vocabulary({ devices: known.map((id) => ({ id })) });

test.each([
  ['tianliang/terminals/xun7/position', true],
  ['tianliang/terminals/xun7/anything/else', true],
  ['tianliang/sensors/xun7/reading', true],
  ['owntracks/xun7/phone', true],
  ['owntracks/police/xun7', true],
  ['owntracks/xun1/xun7', false],
  ['owntracks/nobody/phone', false],
  ['tianliang/terminals/xun1/position', false],
  ['tianliang/terminals/xun7', false],
  ['tianliang/terminals/xun7/', false],
  ['tianliang/terminals/xun77/position', false],
  ['tianliang/commands/xun7', false],
  ['tianliang/dead-letters', false],
  ['$SYS/broker', false],
  ['tianliang/terminals/xun7/a\u0000b', false],
  ['tianliang/terminals/xun7/\ufffd', false],
  ['tianliang/terminals/xun7/\ud800', false],
  [`tianliang/terminals/xun7/${'x'.repeat(600)}`, false],
  [`tianliang/terminals/xun7${'/x'.repeat(20)}`, false],
])('xun7 publishing on %j: %s', (topic, allowed) => {
  expect(vocabulary.mayPublish('xun7', topic)).toBe(allowed);
});

test.each([
  ['tianliang/commands/xun7', true],
  ['tianliang/terminals/xun7/#', true],
  ['owntracks/xun7/+/cmd', true],
  ['tianliang/commands/xun1', false],
  ['tianliang/commands/+', false],
  ['tianliang/commands/#', false],
  ['tianliang/terminals/+/position', false],
  ['#', false],
  ['+/#', false],
  ['$SYS/#', false],
  ['$share/g/tianliang/commands/xun7', false],
  ['tianliang/dead-letters', false],
  ['', false],
])('xun7 subscribing %j: %s', (filter, allowed) => {
  expect(maySubscribe('xun7', filter)).toBe(allowed);
});

test('topics are read by their shape', () => {
  expect(vocabulary.understand('tianliang/terminals/xun7/sos')).toMatchObject({ device: 'xun7', decoder: 'tianliang' });
  expect(vocabulary.understand('tianliang/sensors/ws/reading')).toMatchObject({
    pattern: 'tianliang/sensors/+/reading',
  });
  expect(vocabulary.understand('tianliang/sensors/ws/sos')).toBeUndefined();
  expect(vocabulary.understand('tianliang/terminals/xun7/__proto__')).toBeUndefined();
  expect(vocabulary.understand('tianliang/terminals//sos')?.device).toBeUndefined();
  expect(vocabulary.understand('owntracks/police/xun7')).toMatchObject({ device: 'xun7', decoder: 'owntracks' });
});

describe('client ids', () => {
  const credentials = new DeviceCredentials(known.map((id) => ({ id, password: 'p' })));

  test.each([
    ['xun7', 'xun7'],
    ['xun7:phone', 'xun7'],
    ['xun7-2', 'xun7'],
    ['ws-1', 'ws-1'],
    ['ws-1:a', 'ws-1'],
    ['ws-2', 'ws'],
    ['xun77', undefined],
    ['xun7/x', undefined],
    ['', undefined],
    ['mqttjs_1234', undefined],
  ])('%j belongs to %s', (clientId, owner) => {
    expect(credentials.ownerOf(clientId)).toBe(owner);
  });

  test.each(['a+b', 'a#', 'a/b', '', 'a\u0000', 'a\u0085', '\ud800', '\ufffd', 'x'.repeat(129)])(
    '%j is not clean',
    (id) => {
      expect(isCleanId(id)).toBe(false);
    },
  );

  test('a password is checked against its own device only', () => {
    expect(credentials.check('xun7', Buffer.from('p'))).toBe(true);
    expect(credentials.check('xun7', Buffer.from('q'))).toBe(false);
    expect(credentials.check('nobody', Buffer.from('p'))).toBe(false);
    expect(
      credentials.replace([
        { id: 'xun7', password: 'p' },
        { id: 'ws', password: 'new' },
      ]),
    ).toEqual(['xun1', 'ws', 'ws-1']);
  });
});
