import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';

/** What a worker answers a request with; `sqlite` is SQLite's result code where it has one. */
export type WorkerReply<R> =
  | { readonly id: number; readonly result: R }
  | { readonly id: number; readonly error: string; readonly sqlite?: number };

/** How the owner of the worker names a failure. */
export type WorkerFailure = (reason: string, sqlite?: number) => Error;

interface Waiting<R> {
  resolve(result: R): void;
  reject(error: Error): void;
}

/** A worker thread that is asked by numbered requests and answers them in order; `'close'` is its last message. */
export class WorkerCalls<Q extends object, R> {
  readonly #worker: Worker;
  readonly #failure: WorkerFailure;
  readonly #waiting = new Map<number, Waiting<R>>();
  #lastId = 0;
  #failed: Error | undefined;
  #ended: Promise<void> | undefined;

  constructor(worker: Worker, failure: WorkerFailure) {
    this.#worker = worker;
    this.#failure = failure;
    worker.on('message', (reply: WorkerReply<R>) => this.#settle(reply));
    worker.on('error', (error) => this.#fail(failure(error.message)));
    worker.on('exit', () => this.#fail(failure('it is closed')));
  }

  ask(question: Q): Promise<R> {
    if (this.#failed) return Promise.reject(this.#failed);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...question, id });
    });
  }

  /** Everything asked before is answered first. Safe to call twice. */
  close(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    if (this.#failed) return;
    const exited = once(this.#worker, 'exit');
    this.#worker.postMessage('close');
    await exited;
  }

  #settle(reply: WorkerReply<R>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(this.#failure(reply.error, reply.sqlite));
    else waiting?.resolve(reply.result);
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failed);
    this.#waiting.clear();
  }
}

/** A failure as a worker tells it: only what can be cloned. */
export function workerFailure(id: number, error: unknown): WorkerReply<never> {
  const message = error instanceof Error ? error.message : String(error);
  const sqlite = error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;
  return { id, error: message, ...(sqlite !== undefined && { sqlite }) };
}
