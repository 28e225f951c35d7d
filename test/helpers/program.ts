import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { endChild, spawnChild } from '../../src/shared/child.ts';

export const root = join(import.meta.dirname, '../..');

export interface ProgramOptions {
  /** Added to the environment of the tests. */
  readonly env?: NodeJS.ProcessEnv;
  /** Between the request to end and the kill. */
  readonly graceMs?: number;
  /** `pipe` when it is to be written to. */
  readonly stdin?: 'ignore' | 'pipe';
}

/** One of our programs as a real process, and what it says line by line. */
export class Program {
  readonly child: ChildProcess;
  /** Everything said so far, on both outputs. */
  readonly lines: string[] = [];
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #graceMs: number;
  readonly #listeners = new Set<(line: string) => void>();

  constructor(args: readonly string[], { env = {}, graceMs = 15_000, stdin = 'ignore' }: ProgramOptions = {}) {
    this.#graceMs = graceMs;
    this.child = spawnChild(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: [stdin, 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => code ?? signal);
    for (const output of [this.child.stdout, this.child.stderr]) {
      if (output) createInterface(output).on('line', (line) => this.#hear(line));
    }
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** The first line that matches, said already or yet to come. Rejects, with its last words, when it ends or is late. */
  async said(pattern: RegExp, withinMs: number): Promise<RegExpExecArray> {
    for (const line of this.lines) {
      const match = pattern.exec(line);
      if (match) return match;
    }
    return await this.#next(pattern, withinMs);
  }

  /** To a program with a pipe for stdin. */
  write(text: string): void {
    this.child.stdin?.write(text);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Asks it to end, insists after the grace. Safe to call twice. */
  async end(): Promise<void> {
    await endChild(this.child, this.#graceMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  #hear(line: string): void {
    this.lines.push(line);
    for (const listener of this.#listeners) listener(line);
  }

  async #next(pattern: RegExp, withinMs: number): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const fail = (why: string) =>
      reject(new Error(`${why} and had not said ${pattern}:\n${this.lines.slice(-20).join('\n')}`));
    const late = setTimeout(() => fail(`${withinMs} ms passed`), withinMs);
    const listen = (line: string) => {
      const match = pattern.exec(line);
      if (match) resolve(match);
    };
    this.#listeners.add(listen);
    void this.ended.then((how) => fail(`it ended (${how})`));
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#listeners.delete(listen);
    }
  }
}

/** A command of `src/main.ts`, run to its end. */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const startedAt = performance.now();
  await using program = new Program([join(root, 'src/main.ts'), ...args], { env });
  const code = await program.ended;
  return { code, lines: program.lines, output: program.lines.join('\n'), tookMs: performance.now() - startedAt };
}
