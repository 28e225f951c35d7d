import { execFile } from 'node:child_process';
import { pid, platform } from 'node:process';
import { promisify } from 'node:util';
import { prlimit } from './child.ts';

const run = promisify(execFile);

/**
 * From now on a crash of this process, or of a child, leaves no file of its memory, which holds secrets (T36). Node cannot
 * say so of itself: util-linux does. Of a limit of 1 the kernel gives the memory to no program of core_pattern either, of
 * 0 it still does (fs/coredump.c); whoever came with 0 may not raise it. Fails where neither can be had.
 */
export async function forbidCoreFiles(): Promise<void> {
  if (platform !== 'linux') return;
  const limit = async (bytes: number) => await run(prlimit, ['--pid', String(pid), `--core=${bytes}:${bytes}`]);
  await limit(1).catch(() => limit(0));
}
