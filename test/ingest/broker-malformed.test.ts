import { expect, test } from 'vitest';
import { closed, loginBare, openSocket, startBroker } from './broker-rig.ts';
import { connectPacket, publishPacket } from './malformed-packets.ts';
import { now, until } from './rig.ts';

const secret = Buffer.from('xun7-secret');
const xun7 = Buffer.from('xun7');
const position = Buffer.from(JSON.stringify({ at: now(), lat: 27.3, lon: 105.3 }));
const own = (rest: Uint8Array | string) => Buffer.concat([Buffer.from('tianliang/terminals/xun7/'), Buffer.from(rest)]);

test.each<[string, Buffer, string]>([
  ['NUL', Buffer.from('xun7-\0'), 'invalid-text'],
  ['an escape of the terminal', Buffer.from('xun7-\u001b[2J'), 'invalid-text'],
  ['half a surrogate', Buffer.from([0x78, 0x75, 0x6e, 0x37, 0x2d, 0xed, 0xa0, 0x80]), 'invalid-text'],
  ['invalid UTF-8', Buffer.from([0x78, 0x75, 0x6e, 0x37, 0x2d, 0xff, 0xfe]), 'invalid-text'],
  ['a name every object has', Buffer.from('__proto__'), 'client-id'],
  ['another one', Buffer.from('constructor'), 'client-id'],
])('%s in the client id is refused, counted and escaped in the log (T25)', async (_, ...[clientId, reason]) => {
  await using rig = await startBroker();
  await using socket = await openSocket(rig.port);
  socket.write(connectPacket(clientId, xun7, secret));
  await closed(socket);
  expect(rig.counters.refused).toEqual({ [reason]: 1 });
  await until('said', () => rig.lines.length > 0);
  expect(rig.lines[0]?.facts).toMatchObject({ reason, count: 1 });
  expect(JSON.stringify(rig.lines[0])).not.toMatch(/\\u|\p{C}|\ufffd/u);
});

test.each<[string, Buffer, Buffer, string]>([
  ['NUL in the topic', own('position\0'), position, 'invalid-topic'],
  ['a control character in the topic', own('position\u0007'), position, 'invalid-topic'],
  ['half a surrogate in the topic', own(Buffer.from([0xed, 0xa0, 0x80])), position, 'invalid-topic'],
  ['invalid UTF-8 in the topic', own(Buffer.from([0xc0, 0xaf])), position, 'invalid-topic'],
  ['a topic of 65 535 bytes', own('x'.repeat(65_535 - 25)), position, 'invalid-topic'],
  ['__proto__ as a topic', own('__proto__'), position, 'unknown-topic'],
  ['JSON 100 000 deep', own('position'), Buffer.from('['.repeat(100_000)), 'too-large'],
  ['JSON as deep as may be sent', own('position'), Buffer.from('['.repeat(10_000)), 'too-deep'],
  ['invalid UTF-8 as JSON', own('position'), Buffer.from([0x22, 0xff, 0x22]), 'not-utf8'],
])('%s is counted, goes nowhere and ends nothing (T25)', async (_, ...[topic, payload, reason]) => {
  await using rig = await startBroker();
  await using device = await loginBare(rig.port, 'xun7');
  device.socket.write(publishPacket(topic, payload, 7));
  device.socket.write(publishPacket(own('sos'), Buffer.from('{}'), 8));
  await until('acknowledged', () => device.heard.length === 2);
  expect(device.heard.map(({ cmd, messageId }) => [cmd, messageId])).toEqual([
    ['puback', 7],
    ['puback', 8],
  ]);
  expect(rig.counters.refused).toEqual({ [reason]: 1 });
  expect(rig.counters.accepted).toEqual({ sos: 1 });
});

test.each<[string, string]>([
  ['__proto__', '{"__proto__":{"lat":1},"at":"2026-01-01T00:00:00Z","lat":27.3,"lon":105.3}'],
  ['constructor', '{"constructor":{"prototype":{"polluted":1}},"at":"2026-01-01T00:00:00Z","lat":27.3,"lon":105.3}'],
])('a key %s in a payload changes no object (T25)', async (_, payload) => {
  await using rig = await startBroker();
  await using device = await loginBare(rig.port, 'xun7');
  device.socket.write(publishPacket(own('position'), Buffer.from(payload)));
  await until('acknowledged', () => device.heard.length === 1);
  const plain: Record<string, unknown> = {};
  expect([plain.lat, plain.polluted]).toEqual([undefined, undefined]);
});

test.each<[string, Buffer, string]>([
  ['a payload of 1 MB', publishPacket(own('position'), Buffer.alloc(1024 * 1024)), 'frame-too-large'],
  [
    'QoS 3',
    Buffer.concat([Buffer.from([0x36]), publishPacket(own('sos'), Buffer.from('{}')).subarray(1)]),
    'malformed-frame',
  ],
  ['a PUBLISH shorter than its topic', Buffer.from([0x30, 4, 0, 60, 0x61, 0x62]), 'malformed-frame'],
  ['a SUBSCRIBE to nothing', Buffer.from([0x82, 2, 0, 1]), 'malformed-frame'],
  ['a SUBSCRIBE at QoS 3', Buffer.from([0x82, 6, 0, 1, 0, 1, 0x61, 3]), 'protocol-error'],
  ['an empty topic', Buffer.from([0x32, 4, 0, 0, 0, 1]), 'malformed-frame'],
  ['a second CONNECT', connectPacket(xun7, xun7, secret), 'malformed-frame'],
])('%s ends its connection, counted (T25)', async (_, ...[bytes, reason]) => {
  await using rig = await startBroker();
  await using device = await loginBare(rig.port, 'xun7');
  device.socket.write(bytes);
  await closed(device.socket);
  await until('counted', () => Object.keys(rig.counters.refused).length > 0);
  expect(rig.counters.refused).toEqual({ [reason]: 1 });
  expect(rig.taken).toEqual([]);
});
