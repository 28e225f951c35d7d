import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../shared/app-error.ts';
import { endChild, spawnChild } from '../../shared/child.ts';
import type { RelayCommand } from './push-desk.ts';
import { type RelayFrame, RelayFrameReader } from './relay-frame.ts';

/** The process that takes RTMP pushes ended, or is of no use any more. */
export class RelayProcessError extends AppError {
  readonly code = 'RTMP_RELAY_ENDED';
}

export interface RelayProcessOptions {
  readonly host: string;
  readonly port: number;
  /** Everything the process says but that it is alive. */
  readonly onFrame: (frame: RelayFrame) => void;
}

const entry = fileURLToPath(new URL('./rtmp-child.ts', import.meta.url));
/** Enough for dozens of pushes of 8 MiB pictures; the pictures themselves lie outside V8's heap. */
const heapMegabytes = 128;
const aliveWithinMs = 10_000;
const farewellMs = 2_000;

/** One run of the child: spawned by the constructor, over when `ended` resolves. */
export class RelayProcess {
  readonly #child: ChildProcess;
  readonly #ended = Promise.withResolvers<RelayProcessError>();
  readonly #alive: NodeJS.Timeout;
  #complaint = '';

  constructor({ host, port, onFrame }: RelayProcessOptions) {
    const args = [`--max-old-space-size=${heapMegabytes}`, entry, host, String(port)];
    this.#child = spawnChild(execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    this.#alive = setTimeout(() => this.#fail('it does not answer any more'), aliveWithinMs);
    this.#listen(onFrame);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves with the reason when the process is gone or useless; never rejects. */
  get ended(): Promise<RelayProcessError> {
    return this.#ended.promise;
  }

  tell(command: RelayCommand): void {
    const pipe = this.#pipe;
    if (pipe?.writable) pipe.write(`${JSON.stringify(command)}\n`);
  }

  /** Safe to call twice; once it resolves the process is gone. */
  async close(): Promise<void> {
    clearTimeout(this.#alive);
    this.#pipe?.destroy();
    await endChild(this.#child, farewellMs);
  }

  get #pipe(): Socket | undefined {
    const pipe = this.#child.stdio[3];
    return pipe instanceof Socket ? pipe : undefined;
  }

  #listen(onFrame: (frame: RelayFrame) => void): void {
    const reader = new RelayFrameReader((frame) => {
      this.#alive.refresh();
      if (frame.kind === 'failed') this.#complaint = `it cannot listen: ${frame.payload.toString('utf8', 0, 100)}`;
      if (frame.kind !== 'alive') onFrame(frame);
    });
    this.#pipe
      ?.on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        try {
          reader.push(chunk);
        } catch (error) {
          this.#fail(error instanceof Error ? error.message : 'it said what cannot be read');
        }
      });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = chunk.toString('utf8').trim().slice(-300);
    });
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.on('close', (code, signal) => this.#fail(`it ended with ${signal ?? code} ${this.#complaint}`.trim()));
  }

  #fail(reason: string): void {
    this.#ended.resolve(new RelayProcessError(`The process that takes RTMP pushes: ${reason}.`));
  }
}
