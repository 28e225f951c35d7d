import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { ConfigUnreadableError, loadConfigApart, loadConfigAtStart } from '../src/config-thread.ts';
import { ConfigError } from '../src/shared/config-error.ts';
import { tempDir } from './helpers/temp-dir.ts';

const camerasFile = 'cameras:\n  - { id: a, source: rtsp://10.0.0.1/, password: "${PASSWORD}" }\n';

test('a directory that is read in a thread says the same, and is as frozen', async () => {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'cameras.yaml'), camerasFile);
  const environment = { PASSWORD: 'from-outside' };
  const apart = await loadConfigApart(dir.path, environment);
  expect(apart).toEqual(await loadConfig(dir.path, environment));
  expect([apart.cameras[0]?.password, Object.isFrozen(apart.cameras[0])]).toEqual(['from-outside', true]);
});

test('what is wrong crosses the thread with its places', async () => {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'cameras.yaml'), camerasFile);
  const error = await loadConfigApart(dir.path, {}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toContain('cameras.yaml:2:');
  await expect(loadConfigApart(join(dir.path, 'nowhere'), {})).rejects.toThrow(ConfigUnreadableError);
});

test('a server reads a large directory apart and a small one itself, and is told the same', async () => {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'cameras.yaml'), 'cameras:\n  - { id: a, source: rtsp://10.0.0.1/ }\n');
  const small = await loadConfigAtStart(dir.path, {});
  await writeFile(join(dir.path, 'notes.txt'), 'x'.repeat(1_100_000));
  expect(await loadConfigAtStart(dir.path, {})).toEqual(small);
  await expect(loadConfigAtStart(join(dir.path, 'nowhere'), {})).rejects.toThrow('no config directory');
});
