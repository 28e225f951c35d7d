import type { ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { BoundedQueue } from '../src/shared/bounded-queue.ts';
import { endChild, spawnChild } from '../src/shared/child.ts';

export interface DemoServerOptions {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** Where it answers `/readyz`. */
  readonly url: string;
  /** The folder of `server.log`. */
  readonly data: string;
}

const keptLines = 20;

/** The command center as a child process: what it says goes to a file, its last lines are kept for when it dies. */
export class DemoServer {
  readonly logFile: string;
  readonly #over = new AbortController();
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #log: WriteStream;
  readonly #lines = new BoundedQueue<string>(keptLines);

  constructor({ command: [program, ...args], env, url, data }: DemoServerOptions) {
    mkdirSync(data, { recursive: true });
    this.logFile = join(data, 'server.log');
    // A full disk ends the log, not the demo.
    this.#log = createWriteStream(this.logFile).on('error', () => {});
    this.#url = url;
    this.#child = spawnChild(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      if (output) createInterface(output).on('line', (line) => this.#keep(line));
    }
    this.#child.once('error', (error) => this.#over.abort(new Error('the server cannot be started', { cause: error })));
    this.#child.once('close', (code, signal) => {
      this.#over.abort(new Error(`the server ended (${signal ?? `code ${code}`})`));
    });
  }

  /** Aborts when the server is gone; the reason says how. */
  get ended(): AbortSignal {
    return this.#over.signal;
  }

  /** What it said last, oldest first. */
  get lastLines(): string[] {
    return Array.from({ length: this.#lines.length }, () => this.#lines.shift() ?? '');
  }

  /** Resolves when `/readyz` answers 200; rejects with the reason of `signal`. */
  async ready(signal: AbortSignal): Promise<void> {
    while (!(await this.#answers(signal))) {
      signal.throwIfAborted();
      await delay(150);
    }
  }

  /** Asks it to end, insists after 7 s. Safe to call twice. */
  async close(): Promise<void> {
    await endChild(this.#child, 7_000);
    this.#log.end();
  }

  async #answers(signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await fetch(`${this.#url}/readyz`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]),
      });
      await answer.arrayBuffer();
      return answer.status === 200;
    } catch {
      return false;
    }
  }

  #keep(line: string): void {
    this.#log.write(`${line}\n`);
    this.#lines.push(line.slice(0, 500));
  }
}
