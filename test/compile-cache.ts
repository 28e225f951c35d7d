import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

const ours = join(tmpdir(), 'tianliang-compiled-');

/** What the servers and commands of the tests load is compiled once a run, not once a process. */
export async function setup(): Promise<void> {
  env.NODE_COMPILE_CACHE ??= await mkdtemp(ours);
}

export async function teardown(): Promise<void> {
  const { NODE_COMPILE_CACHE: directory = '' } = env;
  // A process that is about to end may still write there.
  if (directory.startsWith(ours)) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}
