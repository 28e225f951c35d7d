import { expect, test } from 'vitest';
import { cameraSecretIssues, secretIssues } from '../../src/config-secrets.ts';
import { secretProblem } from '../../src/shared/secret-problem.ts';

test.each([
  ['short', 'expected 8'],
  ['change-me-please', 'none of an example'],
  ['yourSecretHere', 'none of an example'],
  ['<device password>', 'none of an example'],
  ['replace_this_now', 'none of an example'],
  ['aaaaaaaaaaaa', 'first that are guessed'],
  ['123456789', 'first that are guessed'],
  ['Passw0rd-2026', 'first that are guessed'],
  ['hikvision12345', 'first that are guessed'],
])('%s is refused: %s', (secret, problem) => {
  const told = secretProblem(secret, 8);
  expect(told).toContain(problem);
  expect(told).not.toContain(secret);
});

test.each(['my-own-phone-27', 'whsec_cH3k9QvZt1', '今天天气很好我们去爬山'])('%s is accepted', (secret) => {
  expect(secretProblem(secret, 8)).toBe(undefined);
});

test('every secret of the configuration is looked at, and named by its path', () => {
  const bad = 'change-me-change-me';
  const told = secretIssues({
    mqtt: { password: bad },
    devices: [{ password: 'tai-feng-27' }, { password: 'short' }],
    telemetry: { influx: { token: bad, password: bad } },
    channels: [{ id: 'phones' }, { secret: bad }],
  });
  expect(told.map(({ path }) => path.join('.')).toSorted()).toEqual([
    ...['channels.1.secret', 'devices.1.password', 'mqtt.password'],
    ...['telemetry.influx.password', 'telemetry.influx.token'],
  ]);
  const cameras = [{ password: 'admin12345' }, { password: bad }, { publishKey: '0123456789012345' }];
  expect(cameraSecretIssues({ defaults: { password: bad }, cameras }).map(({ path }) => path.join('.'))).toEqual([
    ...['defaults.password', 'cameras.1.password', 'cameras.2.publishKey'],
  ]);
});
