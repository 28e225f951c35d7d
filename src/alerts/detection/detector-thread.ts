import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import { DetectorCrashed, type DetectorError, DetectorHung, FrameDropped, ModelUnusable } from './detector-errors.ts';
import type { ModelFacts } from './graph-model.ts';
import type { CameraFrame, Detected, UnitBox } from './model.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './worker-messages.ts';

export interface ThreadOptions {
  readonly script: URL;
  readonly setup: WorkerSetup;
  /** How long one picture, and how long loading the model, may take. */
  readonly frameMs: number;
  readonly loadMs: number;
  readonly log: Log;
}

/** `ready` when a worker has its model; `idle` may be given a picture. `down` says why there is no worker now; another is on its way. */
export interface ThreadEvents {
  ready: [facts: ModelFacts | undefined];
  idle: [];
  down: [cause: DetectorError];
}

type ThreadState =
  | { readonly phase: 'new' | 'loading' | 'waiting' | 'idle' | 'closed' }
  | { readonly phase: 'looking'; readonly job: Job };

interface Job {
  readonly id: number;
  readonly frame: CameraFrame;
  readonly answer: PromiseWithResolvers<Detected>;
  readonly deadline: NodeJS.Timeout;
}

/** A worker that fails so often without an answer in between is replaced: perhaps another one does better. */
const mostFailures = 3;

/** The wait before a new worker: together with loading the model well under the five seconds of T24. */
const backoff = { baseMs: 250, maxMs: 3_000 };

/** Keeps one detector worker alive until closed: a worker that hangs or crashes is replaced, and its picture is lost aloud. */
export class DetectorThread extends EventEmitter<ThreadEvents> {
  readonly #options: ThreadOptions;
  readonly #closing = new AbortController();
  #state: ThreadState = { phase: 'new' };
  #session: { readonly worker: Worker; readonly end: (cause: DetectorError) => void } | undefined;
  #done: Promise<void> | undefined;
  #lastId = 0;
  #restarts = 0;
  #failures = 0;

  constructor(options: ThreadOptions) {
    super();
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#state.phase === 'idle';
  }

  get restarts(): number {
    return this.#restarts;
  }

  start(): void {
    this.#done ??= this.#run(this.#closing.signal);
  }

  /** Looks at one picture; only when idle. Rejects with DetectorHung, DetectorCrashed or FrameDropped. */
  detect(frame: CameraFrame, regions: readonly UnitBox[] = []): Promise<Detected> {
    const { worker, end } = this.#session ?? {};
    if (this.#state.phase !== 'idle' || !worker || !end) return Promise.reject(new FrameDropped(frame.camera, 'late'));
    const { frameMs } = this.#options;
    const answer = Promise.withResolvers<Detected>();
    const deadline = setTimeout(() => end(new DetectorHung(frameMs)), frameMs);
    this.#lastId += 1;
    this.#state = { phase: 'looking', job: { id: this.#lastId, frame, answer, deadline } };
    const { width, height, yuv } = frame;
    const request: WorkerRequest = { id: this.#lastId, frame: { width, height, yuv }, regions };
    worker.postMessage(request);
    return answer.promise;
  }

  /** Safe to call twice; once it resolves, no worker and no timer is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
    this.#settle((job) => job.answer.reject(new FrameDropped(job.frame.camera, 'closed')));
    this.#state = { phase: 'closed' };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const { cause, worked } = await this.#runWorker(signal);
      if (signal.aborted) return;
      if (worked) attempt = 0;
      this.#restarts += 1;
      this.#state = { phase: 'waiting' };
      this.#options.log.warn({ err: cause, restarts: this.#restarts }, 'detector worker restarts');
      this.emit('down', cause);
      await sleep(retryDelayMs(backoff, attempt), undefined, { signal }).catch(() => undefined);
    }
  }

  /** One worker from its start to its end, and why it ended. */
  async #runWorker(signal: AbortSignal): Promise<{ cause: DetectorError; worked: boolean }> {
    const { script, setup, loadMs } = this.#options;
    const { promise, resolve: end } = Promise.withResolvers<DetectorError>();
    const worker = new Worker(script, { workerData: setup, stderr: true, stdout: true });
    const stop = () => end(new DetectorCrashed('closed'));
    const loading = setTimeout(() => end(new DetectorHung(loadMs)), loadMs);
    let worked = false;
    this.#session = { worker, end };
    this.#state = { phase: 'loading' };
    listen(worker, end, (message) => {
      clearTimeout(loading);
      worked ||= message.type === 'sightings';
      if (message.type === 'unusable') end(new ModelUnusable(setup.path, message.reason));
      else this.#hear(message);
    });
    signal.addEventListener('abort', stop, { once: true });
    const cause = await promise;
    clearTimeout(loading);
    signal.removeEventListener('abort', stop);
    this.#session = undefined;
    await worker.terminate();
    if (!signal.aborted) this.#settle(({ answer }) => answer.reject(cause));
    return { cause, worked };
  }

  #hear(message: Exclude<WorkerAnswer, { type: 'unusable' }>): void {
    if (message.type === 'ready') {
      this.#failures = 0;
      this.emit('ready', message.facts);
      this.#becomeIdle();
      return;
    }
    if (this.#state.phase !== 'looking' || this.#state.job.id !== message.id) return;
    this.#settle(({ frame, answer }) => {
      if (message.type === 'failed') answer.reject(new DetectorCrashed(message.message));
      else answer.resolve({ frame, sightings: message.sightings });
    });
    this.#failures = message.type === 'failed' ? this.#failures + 1 : 0;
    if (this.#failures < mostFailures) this.#becomeIdle();
    else this.#session?.end(new DetectorCrashed(`${mostFailures} pictures in a row failed`));
  }

  #becomeIdle(): void {
    this.#state = { phase: 'idle' };
    this.emit('idle');
  }

  #settle(how: (job: Job) => void): void {
    if (this.#state.phase !== 'looking') return;
    const { job } = this.#state;
    clearTimeout(job.deadline);
    how(job);
  }
}

function listen(worker: Worker, end: (cause: DetectorError) => void, hear: (message: WorkerAnswer) => void): void {
  // Piped and thrown away: TensorFlow.js greets and warns on the console.
  worker.stdout.resume();
  worker.stderr.resume();
  worker.on('message', hear);
  worker.on('error', (error) => end(new DetectorCrashed(error instanceof Error ? error.message : String(error))));
  worker.on('exit', (code) => end(new DetectorCrashed(`exit code ${code}`)));
}
