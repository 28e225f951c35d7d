import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOrMakePrivate } from '../../src/shared/private-file.ts';
import { tempDir } from '../helpers/temp-dir.ts';

test('of many who make a secret at once all get the first one, and only its owner may read it', async () => {
  await using dir = await tempDir();
  const path = join(dir.path, 'below', 'secret');
  const read = await Promise.all(Array.from({ length: 20 }, (_, n) => readOrMakePrivate(path, () => `secret ${n}`)));
  expect(new Set(read).size).toBe(1);
  expect(read[0]).toMatch(/^secret \d+$/);
  expect(await readdir(join(dir.path, 'below'))).toEqual(['secret']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a secret that others can read is refused aloud', async () => {
  await using dir = await tempDir();
  const path = join(dir.path, 'secret');
  await readOrMakePrivate(path, () => 'secret');
  await chmod(path, 0o640);
  await expect(readOrMakePrivate(path, () => 'another')).rejects.toThrow('can be read by others');
});
