import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { DevicesConfig, ingestIssues, MqttConfig, TelemetryConfig } from '../../src/ingest/config.ts';
import { checkValue } from '../../src/shared/check-value.ts';

const Ingest = Type.Object({ mqtt: MqttConfig, devices: DevicesConfig, telemetry: TelemetryConfig });
const device = { id: 'xun7', password: 'p', kind: 'terminal' };

function issuesOf(input: unknown): string[] {
  const checked = checkValue(Ingest, input);
  const issues = checked.ok ? ingestIssues(checked.value) : checked.issues;
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

test('with nothing said there is an embedded broker without devices, and SQLite for ninety days', () => {
  expect(checkValue(Ingest, {})).toEqual({
    ok: true,
    value: { mqtt: {}, devices: [], telemetry: { store: 'sqlite', retention: '90d' } },
  });
  expect(checkValue(Ingest, { mqtt: { embedded: {} } })).toMatchObject({
    value: { mqtt: { embedded: { host: '127.0.0.1', port: 1883 } } },
  });
});

test('a broker of our own may ask for certificates and set its limits', () => {
  const tls = { cert: 'tls/site.crt', key: 'tls/site.key', ca: 'tls/devices.crt', crl: 'tls/devices.crl' };
  const limits = { messagesPerSecond: 5, bytesPerSecond: 4_096, burstSeconds: 60 };
  expect(issuesOf({ mqtt: { embedded: { plain: false, tls, limits } } })).toEqual([]);
});

test('ports and limits may come from the environment, as text', () => {
  const tls = { cert: 'tls/site.crt', key: 'tls/site.key', port: '8884' };
  const written = { mqtt: { embedded: { port: '1884', tls, limits: { messagesPerSecond: '5' } } } };
  expect(checkValue(Ingest, written)).toMatchObject({
    value: { mqtt: { embedded: { port: 1_884, tls: { port: 8_884 }, limits: { messagesPerSecond: 5 } } } },
  });
});

test('a full one is fine', () => {
  const road = { id: 'G76', stake: 'K1432+300' };
  const sensor = {
    ...device,
    id: 'ws06',
    kind: 'sensor',
    interval: '30s',
    position: { lat: 27, lon: 105 },
    road,
    area: 'a',
  };
  const influx = { url: 'http://127.0.0.1:8086', database: 'tianliang', username: 'u', password: 'p' };
  expect(
    issuesOf({
      mqtt: { url: 'mqtts://broker:8883' },
      devices: [device, sensor],
      telemetry: { store: 'influx', influx },
    }),
  ).toEqual([]);
});

test.each<[string, unknown, RegExp]>([
  ['a topic character in an id', { devices: [{ ...device, id: 'a/b' }] }, /^devices\.0\.id .*letters/],
  ['an unknown key', { devices: [{ ...device, passwort: 'x' }] }, /^devices\.0\.passwort unknown key/],
  ['no password', { devices: [{ id: 'a', kind: 'sensor' }] }, /^devices\.0\.password missing/],
  [
    'latitude 91',
    { devices: [{ ...device, position: { lat: 91, lon: 0 } }] },
    /^devices\.0\.position\.lat .*-90 to 90/,
  ],
  ['the same device twice', { devices: [device, device] }, /^devices\.1\.id is the id of devices\[0\] already/],
  ['credentials in a URL', { mqtt: { url: 'mqtt://u:p@broker' } }, /^mqtt\.url .*without credentials/],
  ['two brokers', { mqtt: { embedded: {}, url: 'mqtt://b' } }, /^mqtt\.url .*not both/],
  ['no door at all', { mqtt: { embedded: { plain: false } } }, /^mqtt\.embedded\.plain .*nobody could connect/],
  [
    'certificates that plain connections do not show',
    { mqtt: { embedded: { tls: { cert: 'c', key: 'k', ca: 'a' } } } },
    /^mqtt\.embedded\.plain expected false/,
  ],
  [
    'a list without its authority',
    { mqtt: { embedded: { tls: { cert: 'c', key: 'k', crl: 'r' } } } },
    /^mqtt\.embedded\.tls\.ca missing/,
  ],
  [
    'a rate of nothing',
    { mqtt: { embedded: { limits: { messagesPerSecond: 0 } } } },
    /^mqtt\.embedded\.limits\.messagesPerSecond /,
  ],
  ['influx without an address', { telemetry: { store: 'influx' } }, /^telemetry\.influx missing/],
  ['influx without a bucket', { telemetry: { store: 'influx', influx: { url: 'http://i' } } }, /org and bucket/],
  ['a retention of nothing', { telemetry: { retention: '0d' } }, /^telemetry\.retention .*duration/],
])('%s is refused', (_, ...[input, message]) => {
  expect(issuesOf(input)).toEqual([expect.stringMatching(message)]);
});
