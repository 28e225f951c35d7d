import { parentPort, Worker } from 'node:worker_threads';
import { WorkerCalls, type WorkerReply, workerFailure } from '../../shared/worker-calls.ts';
import { TelemetryFileError } from './telemetry-file-error.ts';

/** What may be asked of a file, and what it answers: one thing in, one out. */
type Calls<C> = { readonly [N in keyof C]: (input: never) => unknown };
type Input<C extends Calls<C>, N extends keyof C> = Parameters<C[N]>[0];

interface Call {
  readonly call: string;
  readonly input: unknown;
}

/** Of the thread: it works in batches that soon die, and one burst must not make it large for good. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 };

/**
 * An SQLite file in a thread of its own, seen from the main thread: calls in, results out, in order. node:sqlite is
 * synchronous, and a commit with fsync must not stop the event loop.
 */
export class FileThread<C extends Calls<C>> {
  readonly #calls: WorkerCalls<Call, unknown>;

  /** `script` ends in `serveCalls`; it gets `options` as its workerData. */
  constructor(script: URL, options: object) {
    const worker = new Worker(script, { workerData: options, resourceLimits });
    this.#calls = new WorkerCalls(worker, (reason, sqlite) => new TelemetryFileError(reason, sqlite));
  }

  /** Fails with TelemetryFileError. */
  async ask<N extends keyof C & string>(call: N, input: Input<C, N>): Promise<ReturnType<C[N]>> {
    return (await this.#calls.ask({ call, input })) as ReturnType<C[N]>;
  }

  /** Everything asked before is answered first. */
  close(): Promise<void> {
    return this.#calls.close();
  }
}

/** In the thread: answers each call until the other side closes. */
export function serveCalls<C extends Calls<C>>(calls: C, close: () => void): void {
  const table = new Map<string, (input: never) => unknown>(Object.entries(calls));
  parentPort?.on('message', (request: (Call & { readonly id: number }) | 'close') => {
    if (request !== 'close') return parentPort?.postMessage(answer(table, request));
    close();
    parentPort?.close();
  });
}

/** A failure is a reply too. */
function answer(
  table: ReadonlyMap<string, (input: never) => unknown>,
  { id, call, input }: Call & { readonly id: number },
): WorkerReply<unknown> {
  try {
    return { id, result: table.get(call)?.(input as never) };
  } catch (error) {
    return workerFailure(id, error);
  }
}
