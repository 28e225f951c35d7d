import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CrashBreaker } from '../../shared/crash-breaker.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { FlvTag } from '../flv/flv-tag-reader.ts';
import { type IntakeEvent, type IntakeState, nextIntakeState } from './intake-state.ts';
import { digestOf } from './publishers.ts';
import type { RelayFrame } from './relay-frame.ts';
import { RelayProcess } from './relay-process.ts';

/** A camera that may push, and the key its push URL must carry. */
export interface Publisher {
  readonly camera: string;
  readonly key: string;
}

/** What somebody who wants a camera's push is told. */
export interface PushListener {
  /** Somebody pushes, now or since before. */
  began(): void;
  tag(tag: FlvTag): void;
  /** Tags were left out, or these are the first: headers and a key picture follow. */
  lost(): void;
  ended(): void;
}

export interface RtmpIntakeOptions {
  readonly host: string;
  readonly port: number;
  readonly log: Log;
}

const backoff = { baseMs: 250, maxMs: 1_000 };
const tagHeadBytes = 5;

/**
 * RTMP pushes of drones and body cameras, taken by a process of its own (F1) that runs while any camera may push and is
 * started again within two seconds when it dies. Emits `state` with each change.
 */
export class RtmpIntake extends EventEmitter<{ state: [IntakeState] }> {
  readonly #options: RtmpIntakeOptions;
  readonly #breaker = new CrashBreaker(Math.random, backoff);
  readonly #refusals: ErrorTally;
  readonly #listeners = new Map<string, Set<PushListener>>();
  readonly #publishing = new Set<string>();
  #publishers: readonly Publisher[] = [];
  #state: IntakeState = { phase: 'idle', since: new Date() };
  #process: RelayProcess | undefined;
  #running: AbortController | undefined;
  #done: Promise<void> = Promise.resolve();
  #restarts = 0;
  #started = false;

  constructor(options: RtmpIntakeOptions) {
    super();
    this.#options = options;
    this.#refusals = new ErrorTally((count, { message }) =>
      options.log.warn({ count, why: message }, 'RTMP push refused'),
    );
  }

  get state(): IntakeState {
    return this.#state;
  }

  /** How often the process had to be started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Who may push from now on; who no longer may is cut off. Nothing listens while nobody may. */
  allow(publishers: readonly Publisher[]): void {
    this.#publishers = publishers;
    this.#tellPublishers();
    this.#runOrRest();
  }

  start(): void {
    this.#started = true;
    this.#runOrRest();
  }

  /** Tells what is pushed for a camera until the returned function is called. */
  listen(camera: string, listener: PushListener): () => void {
    const listeners = this.#listeners.get(camera) ?? new Set();
    this.#listeners.set(camera, listeners.add(listener));
    this.#process?.tell({ type: 'want', camera, wanted: true });
    if (this.#publishing.has(camera)) listener.began();
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.#listeners.delete(camera);
      this.#process?.tell({ type: 'want', camera, wanted: false });
    };
  }

  /** Safe to call twice; once it resolves no process and no timer is left. */
  async close(): Promise<void> {
    this.#running?.abort();
    await this.#done;
    this.#refusals.close();
    this.#apply({ type: 'close', at: new Date() });
  }

  #runOrRest(): void {
    const wanted = this.#started && this.#publishers.length > 0 && this.#state.phase !== 'closed';
    if (!wanted) this.#running?.abort();
    if (!wanted || (this.#running && !this.#running.signal.aborted)) return;
    const running = new AbortController();
    this.#running = running;
    this.#done = this.#done.then(() => this.#run(running.signal));
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { message } = await this.#runOnce(signal);
      if (!signal.aborted) await this.#wait(message, signal);
    }
    this.#apply({ type: 'rest', at: new Date() });
  }

  async #runOnce(signal: AbortSignal): Promise<Error> {
    const { host, port } = this.#options;
    const process = new RelayProcess({ host, port, onFrame: (frame) => this.#hear(frame) });
    this.#process = process;
    this.#apply({ type: 'spawned', at: new Date() });
    this.#tellPublishers();
    for (const camera of this.#listeners.keys()) process.tell({ type: 'want', camera, wanted: true });
    try {
      return await Promise.race([process.ended, aborted(signal)]);
    } finally {
      this.#process = undefined;
      await process.close();
      for (const camera of [...this.#publishing]) this.#ended(camera);
    }
  }

  async #wait(message: string, signal: AbortSignal): Promise<void> {
    const { open, delayMs } = this.#breaker.crashed(performance.now());
    const at = new Date();
    this.#restarts += 1;
    const facts = { restarts: this.#restarts, delayMs, why: message };
    if (open) this.#options.log.error(facts, 'RTMP intake dies again and again: no pushes for a minute');
    else this.#options.log.warn(facts, 'RTMP intake is started again');
    this.#apply({ type: 'ended', at, message, tripped: open, retryAt: new Date(at.getTime() + delayMs) });
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }

  #tellPublishers(): void {
    const publishers = this.#publishers.map(({ camera, key }) => ({ camera, keyDigest: digestOf(key) }));
    this.#process?.tell({ type: 'publishers', publishers });
  }

  #hear({ kind, camera, payload }: RelayFrame): void {
    switch (kind) {
      case 'listening':
        this.#listening(payload);
        break;
      case 'refused':
        this.#refusals.add(new Error(payload.toString('utf8', 0, 100)));
        break;
      case 'began':
        this.#publishing.add(camera);
        this.#each(camera, (listener) => listener.began());
        break;
      case 'ended':
        this.#ended(camera);
        break;
      case 'lost':
        this.#each(camera, (listener) => listener.lost());
        break;
      case 'tag':
        this.#tag(camera, payload);
        break;
      default:
        break;
    }
  }

  #listening(payload: Buffer): void {
    const { port } = JSON.parse(payload.toString('utf8'));
    const { host } = this.#options;
    this.#options.log.info({ host, port }, 'RTMP pushes are taken');
    this.#apply({ type: 'listening', at: new Date(), port: Number(port) });
  }

  #tag(camera: string, payload: Buffer): void {
    if (payload.length < tagHeadBytes) return;
    const tag = {
      type: payload.readUInt8(0),
      timestampMs: payload.readUInt32BE(1),
      body: payload.subarray(tagHeadBytes),
    };
    this.#each(camera, (listener) => listener.tag(tag));
  }

  #ended(camera: string): void {
    this.#publishing.delete(camera);
    this.#each(camera, (listener) => listener.ended());
  }

  #each(camera: string, tell: (listener: PushListener) => void): void {
    for (const listener of this.#listeners.get(camera) ?? []) tell(listener);
  }

  #apply(event: IntakeEvent): void {
    const state = nextIntakeState(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }
}

function aborted(signal: AbortSignal): Promise<Error> {
  const { promise, resolve } = Promise.withResolvers<Error>();
  if (signal.aborted) resolve(new Error('it was ended'));
  signal.addEventListener('abort', () => resolve(new Error('it was ended')), { once: true });
  return promise;
}
