import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { platform } from 'node:process';

const setpriv = '/usr/bin/setpriv';
export const prlimit = '/usr/bin/prlimit';

/** What the kernel lets a child take at most (F12); beyond it allocations fail or the child is ended. */
export interface ChildLimits {
  /** Address space, bytes. */
  readonly memoryBytes: number;
  /** Time on a processor over its whole life, seconds. */
  readonly cpuSeconds: number;
}

/** The argv that makes the kernel kill the child when we die, even by kill -9 (F13). No shell is ever involved. */
export function withParentDeath(command: string, args: readonly string[]): [string, string[]] {
  if (platform !== 'linux' || !existsSync(setpriv)) return [command, [...args]];
  return [setpriv, ['--pdeathsig', 'KILL', '--', command, ...args]];
}

/** The argv that bounds what the child may take; as it is where the machine knows no such limits. */
export function withLimits(command: string, args: readonly string[], limits: ChildLimits): [string, string[]] {
  if (platform !== 'linux' || !existsSync(prlimit)) return [command, [...args]];
  const { memoryBytes, cpuSeconds } = limits;
  return [prlimit, [`--as=${memoryBytes}`, `--cpu=${cpuSeconds}`, '--core=0', '--', command, ...args]];
}

export interface ChildOptions {
  /** A socket becomes the child's too. */
  readonly stdio?: 'pipe' | ('pipe' | 'ignore' | 'inherit' | Socket)[];
  readonly env?: NodeJS.ProcessEnv;
  readonly limits?: ChildLimits;
}

/** Spawns a child that cannot outlive this process. Its owner ends it with `endChild`. */
export function spawnChild(command: string, args: readonly string[], options: ChildOptions = {}): ChildProcess {
  const bounded: [string, readonly string[]] = options.limits
    ? withLimits(command, args, options.limits)
    : [command, args];
  const [file, argv] = withParentDeath(...bounded);
  return spawn(file, argv, { stdio: options.stdio ?? 'pipe', ...(options.env && { env: options.env }) });
}

/** Asks with TERM, insists with KILL after `graceMs`; resolves when the child is gone. Safe to call twice. */
export async function endChild(child: ChildProcess, graceMs = 5_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(insist);
}
