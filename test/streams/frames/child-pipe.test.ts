import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { execPath } from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';
import { spawnChild } from '../../../src/shared/child.ts';
import { ChildPipe } from '../../../src/streams/frames/child-pipe.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const bytes = 3_000_000;
const counting = `process.stdout.write(Uint8Array.from({ length: ${bytes} }, (_, at) => at % 251))`;

/** What is read right into shared memory, as pictures are. */
function collected() {
  const written = Buffer.from(new SharedArrayBuffer(bytes));
  const { promise: whole, resolve } = Promise.withResolvers<void>();
  let filled = 0;
  const taken = (count: number) => {
    filled += count;
    if (filled === bytes) resolve();
  };
  const push = (chunk: Uint8Array) => {
    written.set(chunk, filled);
    taken(chunk.length);
  };
  const space = () => (filled < bytes ? written.subarray(filled) : new Uint8Array(1));
  return { into: { space, taken, push }, written, whole };
}

afterEach(() => vi.unstubAllEnvs());

test('what a child writes arrives whole and in order, and nothing is left in the file system', async () => {
  await using directory = await tempDir();
  vi.stubEnv('TMPDIR', directory.path);
  const pipe = await ChildPipe.open();
  expect(tmpdir()).toBe(directory.path);
  expect(await readdir(directory.path)).toEqual([]);
  const child = spawnChild(execPath, ['-e', counting], { stdio: ['ignore', pipe?.far ?? 'ignore', 'inherit'] });
  const { into, written, whole } = collected();
  pipe?.handedOver(into);
  await Promise.all([whole, once(child, 'exit')]);
  expect(written.equals(Uint8Array.from({ length: bytes }, (_, at) => at % 251))).toBe(true);
  pipe?.close();
  pipe?.close();
});

test('a closed pipe gives nothing more, and its child finds it broken', async () => {
  const pipe = await ChildPipe.open();
  const endless = 'process.stdout.on("error", () => process.exit(3)); setInterval(() => process.stdout.write("x"), 5)';
  const child = spawnChild(execPath, ['-e', endless], { stdio: ['ignore', pipe?.far ?? 'ignore', 'inherit'] });
  const first = Promise.withResolvers<void>();
  const take = vi.fn(() => first.resolve());
  pipe?.handedOver({ space: () => new Uint8Array(10), taken: take, push: take });
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
