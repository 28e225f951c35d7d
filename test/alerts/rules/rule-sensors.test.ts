import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const devices = 'devices:\n  - { id: ws06, kind: sensor, password: "tai-feng-27" }\n';
const rules = `rules:
  - { id: rain, kind: threshold, measure: rain, sensors: [ws06, ws60], raise: [{ above: 10, severity: minor }] }
  - id: both
    kind: combination
    title: t
    severity: info
    conditions:
      - { sensor: ws06, measure: rain, above: 1 }
      - { sensor: WS06, measure: wind, above: 1 }
`;

async function check(files: Readonly<Record<string, string>>) {
  await using dir = await tempDir();
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir.path, name), text);
  return await loadConfig(dir.path, {}).then(
    () => [],
    (error: Error) => error.message.replaceAll(`${dir.path}/`, '').split('\n'),
  );
}

test('a rule for a sensor that does not exist is refused where it names it', async () => {
  const message = 'expected the id of a device in tianliang.yaml';
  expect(await check({ 'tianliang.yaml': devices, 'rules.yaml': rules })).toEqual([
    `rules.yaml:2:65 rules[0].sensors[1] ${message}`,
    `rules.yaml:9:19 rules[1].conditions[1].sensor ${message}`,
  ]);
  const more = `${devices}  - { id: ws60, kind: sensor, password: "tai-feng-27" }\n  - { id: WS06, kind: sensor, password: "tai-feng-27" }\n`;
  expect(await check({ 'tianliang.yaml': more, 'rules.yaml': rules })).toEqual([]);
});

test('while the devices themselves cannot be read, only that is said', async () => {
  expect(await check({ 'tianliang.yaml': 'devices: 3\n', 'rules.yaml': rules })).toEqual([
    'tianliang.yaml:1:10 devices[0] expected this to be of type object',
  ]);
});
