import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { execPath, argv as ourArgv, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endChild, spawnChild } from '../src/shared/child.ts';

const deadlineMs = 60_000;

/** A part of a bench in a process of its own: options on its command line, then one JSON line a question and an answer. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(child: ChildProcess) {
    if (!child.stdout) throw new Error('a program answers on its standard output');
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The next thing it says; fails when it ends or keeps silent for so long, a minute unless told. */
  async answer<T>(withinMs = deadlineMs): Promise<T> {
    const signal = AbortSignal.timeout(withinMs);
    const silence = once(signal, 'abort').then(() => 'silence' as const);
    const next = await Promise.race([this.#answers.next(), silence]);
    if (next === 'silence') throw new Error(`a bench program said nothing for ${withinMs} ms`);
    if (next.done) throw new Error(`a bench program ended with ${this.#child.exitCode ?? this.#child.signalCode}`);
    return JSON.parse(next.value);
  }

  async ask<T>(question: object, withinMs = deadlineMs): Promise<T> {
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    return await this.answer<T>(withinMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endChild(this.#child, 2_000);
  }
}

/** Starts `bench/<path>`, by Node with those flags, and waits for its first words. */
export async function startProgram<T>(
  path: string,
  options: object,
  flags: readonly string[] = [],
): Promise<{ program: Program; ready: T }> {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const child = spawnChild(execPath, [...flags, file, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const program = new Program(child);
  try {
    return { program, ready: await program.answer<T>() };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

/** Inside a program: the options it was started with. */
export function programOptions<T>(): T {
  return JSON.parse(ourArgv[2] ?? '{}');
}

/** Inside a program: says one thing. */
export function say(words: object): void {
  stdout.write(`${JSON.stringify(words)}\n`);
}

/** Inside a program: answers each question, one after another; ends with whoever asks. */
export async function answerEach<Q>(answer: (question: Q) => Promise<object>): Promise<void> {
  for await (const line of createInterface({ input: stdin })) say(await answer(JSON.parse(line)));
  process.exit();
}

/** A clock that all processes of a machine share, in milliseconds. */
export function sharedClockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
