import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** One letter; Z is dead and not yet collected. */
  readonly state: string;
  /** In ticks since the machine's start: tells it from a later process of the same number. */
  readonly startedAt: string;
}

/** Of proc(5) `/proc/PID/stat`; the name stands in brackets and may hold anything. */
function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return { pid, parent: Number(parent), name, state, startedAt: rest[17] ?? '' };
  } catch {
    return undefined;
  }
}

/** Every process below this one now. */
export function descendantsOf(pid: number): Process[] {
  const all = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (readProcess(Number(entry)) ?? []) : []));
  const below = (parent: number): Process[] =>
    all.filter((process) => process.parent === parent).flatMap((process) => [process, ...below(process.pid)]);
  return below(pid);
}

/** Still running, and the same process as it was. */
export function isRunning({ pid, startedAt }: Process): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  const now = readProcess(pid);
  return now !== undefined && now.startedAt === startedAt && now.state !== 'Z';
}

/** What every process below this one was started with. */
export const commandLines = (pid: number): string[] =>
  descendantsOf(pid).flatMap((child) => told(child.pid, 'cmdline'));

/** The environment of every process below this one, as whoever may look reads it. */
export const environments = (pid: number): string[] =>
  descendantsOf(pid).flatMap((child) => told(child.pid, 'environ'));

/** How large a file of its memory a crash of the process may leave, as the kernel says it (soft, hard). */
export function coreLimits(pid: number): readonly [string, string] {
  const [, soft = '', hard = ''] =
    /^Max core file size +(\S+) +(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? [];
  return [soft, hard];
}

/** It may be gone by now. */
function told(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return [readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ')];
  } catch {
    return [];
  }
}
