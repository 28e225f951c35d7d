import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

export interface ProcessUse {
  /** Of one core, summed over the processes. */
  readonly cpuPercent: number;
  /** Proportional set size: what processes share is counted once. */
  readonly memoryMiB: number;
}

/** What the processes take over the given time, from /proc (Linux). */
export async function measureUse(pids: readonly number[], seconds: number): Promise<ProcessUse> {
  const [cpuBefore, startedAt] = [cpuSeconds(pids), performance.now()];
  await delay(seconds * 1_000);
  const used = cpuSeconds(pids) - cpuBefore;
  const cpuPercent = (100_000 * used) / (performance.now() - startedAt);
  return { cpuPercent, memoryMiB: sum(pids.map(proportionalMiB)) };
}

function cpuSeconds(pids: readonly number[]): number {
  return sum(pids.map(cpuOf));
}

/** proc(5): fields 14 and 15 of stat, counted behind the name, which may hold anything. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function proportionalMiB(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) / 1_024;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
