import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { execPath } from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';
import { spawnChild } from '../../../src/shared/child.ts';
import { ChildPipe } from '../../../src/streams/frames/child-pipe.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const bytes = 3_000_000;
const counting = `process.stdout.write(Buffer.from({ length: ${bytes} }, (_, at) => at % 251))`;

afterEach(() => vi.unstubAllEnvs());

test('what a child writes arrives whole and in order, and nothing is left in the file system', async () => {
  await using directory = await tempDir();
  vi.stubEnv('TMPDIR', directory.path);
  const pipe = await ChildPipe.open();
  expect(tmpdir()).toBe(directory.path);
  expect(await readdir(directory.path)).toEqual([]);
  const child = spawnChild(execPath, ['-e', counting], { stdio: ['ignore', pipe?.far ?? 'ignore', 'inherit'] });
  const pieces: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  pipe?.handedOver((piece) => {
    pieces.push(Buffer.from(piece));
    if (pieces.reduce((sum, { length }) => sum + length, 0) >= bytes) resolve();
  });
  await Promise.all([promise, once(child, 'exit')]);
  const written = Buffer.concat(pieces);
  expect(written.equals(Buffer.from({ length: bytes }, (_, at) => at % 251))).toBe(true);
  pipe?.close();
  pipe?.close();
});

test('a closed pipe gives nothing more, and its child finds it broken', async () => {
  const pipe = await ChildPipe.open();
  const endless = 'process.stdout.on("error", () => process.exit(3)); setInterval(() => process.stdout.write("x"), 5)';
  const child = spawnChild(execPath, ['-e', endless], { stdio: ['ignore', pipe?.far ?? 'ignore', 'inherit'] });
  const first = Promise.withResolvers<void>();
  const take = vi.fn(() => first.resolve());
  pipe?.handedOver(take);
  await first.promise;
  pipe?.close();
  const taken = take.mock.calls.length;
  expect(await once(child, 'exit')).toEqual([3, null]);
  expect(take).toHaveBeenCalledTimes(taken);
});

test('without room for a directory there is no pipe', async () => {
  vi.stubEnv('TMPDIR', '/nowhere/at/all');
  expect(await ChildPipe.open()).toBeUndefined();
});
