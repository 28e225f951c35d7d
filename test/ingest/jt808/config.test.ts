import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { DevicesConfig, ingestIssues, MqttConfig, TelemetryConfig } from '../../../src/ingest/config.ts';
import { Jt808Config } from '../../../src/ingest/jt808/config.ts';
import { checkValue } from '../../../src/shared/check-value.ts';

const Ingest = Type.Object({
  mqtt: MqttConfig,
  devices: DevicesConfig,
  telemetry: TelemetryConfig,
  jt808: Type.Optional(Jt808Config),
});

function issuesOf(input: unknown): string[] {
  const checked = checkValue(Ingest, input);
  const issues = checked.ok ? ingestIssues(checked.value) : checked.issues;
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

const device = (id: string, jt808: unknown) => ({ id, password: 'p', kind: 'terminal', jt808 });

test('the port is on this machine alone unless it is told otherwise, and closed when nothing is said', () => {
  expect(checkValue(Ingest, {})).not.toHaveProperty('value.jt808');
  expect(checkValue(Ingest, { jt808: { port: 6808 } })).toMatchObject({
    value: { jt808: { host: '127.0.0.1', port: 6808 } },
  });
});

test('terminals with numbers of 1 to 20 digits and a datum are fine', () => {
  const devices = [
    device('a', { phone: '013800138000' }),
    device('b', { phone: '00000000013800138001', datum: 'gcj02' }),
    device('c', { phone: '7', datum: 'bd09' }),
  ];
  expect(issuesOf({ devices })).toEqual([]);
});

test('two devices with one number are an issue at the second, whatever zeros lead it', () => {
  const devices = [
    device('a', { phone: '013800138000' }),
    device('b', { phone: '2' }),
    device('c', { phone: '13800138000' }),
  ];
  expect(issuesOf({ devices })).toEqual(['devices.2.jt808.phone is the number of devices[0] already']);
});

test.each<[string, unknown, RegExp]>([
  ['a number with letters', { phone: '1380013800a' }, /^devices\.0\.jt808\.phone .*1 to 20 digits/],
  ['21 digits', { phone: '1'.repeat(21) }, /^devices\.0\.jt808\.phone .*1 to 20 digits/],
  ['a number of zeros', { phone: '000' }, /^devices\.0\.jt808\.phone .*1 to 20 digits/],
  ['no number', {}, /^devices\.0\.jt808\.phone missing/],
  ['a datum nobody has', { phone: '1', datum: 'mars' }, /^devices\.0\.jt808\.datum .*wgs84, gcj02, bd09/],
  ['an unknown key', { phone: '1', imei: '1' }, /^devices\.0\.jt808\.imei unknown key/],
])('a terminal with %s is refused', (_, jt808, message) => {
  expect(issuesOf({ devices: [device('a', jt808)] })).toEqual([expect.stringMatching(message)]);
});

test.each<[string, unknown, RegExp]>([
  ['no port', {}, /^jt808\.port missing/],
  ['a port there is none', { port: 70_000 }, /^jt808\.port .*0 to 65535/],
  ['an unknown key', { port: 1, tls: true }, /^jt808\.tls unknown key/],
])('a port with %s is refused', (_, jt808, message) => {
  expect(issuesOf({ jt808 })).toEqual([expect.stringMatching(message)]);
});
