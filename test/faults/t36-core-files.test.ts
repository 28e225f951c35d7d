import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coreLimits, descendantsOf, isRunning } from '../helpers/processes.ts';
import { openSmallSite, type RunningServer, sitePassword, siteSecret } from '../helpers/small-site.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { playHttp } from '../helpers/watched-live.ts';
import { run } from '../streams/clips.ts';

/*
 * The memory of a server that serves holds its secrets: whoever is root, or may trace processes of its account, reads it,
 * and so does whoever reads a swap that is not encrypted. No program in JavaScript can wipe a string. What can be had is that
 * it does not stay behind on a disk when the server crashes.
 */

const isLinux = process.platform === 'linux';
const asIs = isLinux ? coreLimits(process.pid) : (['0', '0'] as const);
const limit = async (soft: string) => await run('prlimit', ['--pid', String(process.pid), `--core=${soft}:`]);

/** As on a machine that keeps the memory of whatever crashes. */
beforeAll(async () => {
  if (isLinux) await limit(asIs[1]);
});
afterAll(async () => {
  if (isLinux) await limit(asIs[0]);
});

async function coreFiles(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => /^(?:core$|core\.\d|.*\.core$)/.test(name));
}

async function holds(path: string, secret: string): Promise<boolean> {
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) {
    const text = Buffer.concat([tail, chunk]);
    if (text.includes(secret)) return true;
    tail = text.subarray(-secret.length);
  }
  return false;
}

test.runIf(isLinux)(
  'another program that crashes here leaves its memory, with a secret in it',
  async () => {
    await using folder = await tempDir();
    const script = `globalThis.kept = ['jin-si', 'que-27'].join('-'); setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 200);`;
    const child = spawn(process.execPath, ['-e', script], { cwd: folder.path, stdio: 'ignore' });
    const [code, signal] = await once(child, 'exit');
    const pattern = (await readFile('/proc/sys/kernel/core_pattern', 'utf8')).trim();
    const files = await coreFiles(folder.path);
    console.log(
      `T36: core_pattern ${pattern}, limits ${asIs.join('/')}: ended by ${signal ?? code}, ${files.length} core files`,
    );
    // Where the kernel gives it to a program, or may give none, there is nothing to compare with.
    const isWritten = !pattern.includes('/') && !pattern.startsWith('|') && asIs[1] === 'unlimited';
    expect(files.length > 0 && (await holds(join(folder.path, files[0] ?? ''), 'jin-si-que-27'))).toBe(isWritten);
  },
  120_000,
);

/** Of the secrets of the site, which are in the files; the files are taken away. */
async function foundIn(files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of files.map((name) => join(process.cwd(), name))) {
    for (const secret of [siteSecret, sitePassword]) if (await holds(path, secret)) found.push(`${secret} in ${path}`);
    await rm(path);
  }
  return found;
}

/** Ends a child of the server by the signal, then the server. */
async function crash(server: RunningServer, signal: NodeJS.Signals) {
  const { pid } = server.program;
  const { over } = await playHttp(await server.admin(), 'k1432-120');
  const children = descendantsOf(pid);
  const limits = [pid, ...children.map((child) => child.pid)].flatMap(coreLimits);
  const ffmpeg = children.find(({ name }) => name === 'ffmpeg') ?? expect.fail('no ffmpeg runs');
  process.kill(ffmpeg.pid, signal);
  await expect.poll(() => isRunning(ffmpeg), { timeout: 10_000 }).toBe(false);
  server.program.kill(signal);
  const ended = await server.program.ended;
  await over;
  return { ended, limits };
}

test.runIf(isLinux).each(['SIGSEGV', 'SIGABRT', 'SIGQUIT', 'SIGBUS', 'SIGTRAP'] as const)(
  'the server and its ffmpeg leave none when %s ends them',
  async (signal) => {
    const before = await coreFiles(process.cwd());
    await using site = await openSmallSite();
    await using server = await site.start();
    const { ended, limits } = await crash(server, signal);
    const files = (await coreFiles(process.cwd())).filter((name) => !before.includes(name));
    console.log(`T36: ended by ${ended}; limits ${limits.join(' ')}; ${files.length} core files`);
    expect([ended, await foundIn(files), files]).toEqual([signal, [], []]);
    expect(limits.every((bytes) => Number(bytes) <= 1)).toBe(true);
  },
  120_000,
);
