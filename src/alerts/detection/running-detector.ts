import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import type { DetectorConfig } from './detector-config.ts';
import { FrameDropped, ModelUnusable } from './detector-errors.ts';
import {
  type DetectorCounts,
  DetectorPool,
  type DetectorPoolEvents,
  type DetectorPoolOptions,
} from './detector-pool.ts';
import type { CameraFrame, Detected, Detector, Rank, UnitBox } from './model.ts';
import { poolOptions } from './pool-options.ts';

export interface RunningDetectorOptions {
  readonly config: DetectorConfig;
  /** Fetched models are below it. */
  readonly dataDir: string;
  readonly log: Log;
  /** How long a new model may take until it can look at a picture, fetching it included. */
  readonly trialMs?: number;
  readonly pool?: Partial<DetectorPoolOptions>;
}

const noCounts: DetectorCounts = { detected: 0, failed: 0, dropped: 0, restarts: 0 };
const backoff = { baseMs: 5_000, maxMs: 300_000 };

/**
 * The detector that runs, and how another one takes its place: its model is loaded beside the one that looks, and only
 * when it can look, it does. Without a model it is blind, says so, and tries again.
 */
export class RunningDetector extends EventEmitter<Pick<DetectorPoolEvents, 'blind' | 'sight'>> implements Detector {
  readonly #options: RunningDetectorOptions;
  readonly #closing = new AbortController();
  #config: DetectorConfig;
  #pool: DetectorPool | undefined;
  #next: { readonly config: DetectorConfig; readonly pool: DetectorPool | undefined } | undefined;
  /** What the pools that are gone had counted. */
  #before = noCounts;
  #opening: Promise<void> | undefined;
  #isBlind = false;

  constructor(options: RunningDetectorOptions) {
    super();
    this.#options = options;
    this.#config = options.config;
  }

  get counts(): DetectorCounts {
    return summed(this.#before, this.#pool?.counts ?? noCounts);
  }

  get isBlind(): boolean {
    return this.#isBlind;
  }

  /** Returns at once, whether there is a model or not. */
  start(): void {
    if (!this.#closing.signal.aborted) this.#opening ??= this.#open(this.#closing.signal);
  }

  detect(frame: CameraFrame, regions?: readonly UnitBox[], rank?: Rank): Promise<Detected> {
    if (this.#pool) return this.#pool.detect(frame, regions, rank);
    return Promise.reject(new FrameDropped(frame.camera, this.#closing.signal.aborted ? 'closed' : 'late'));
  }

  /** Loads what another configuration wants, beside what runs. Throws a DetectorError when it cannot look. */
  async prepare(config: DetectorConfig): Promise<void> {
    await this.#forgetNext();
    if (isDeepStrictEqual(poolConfig(config), poolConfig(this.#config))) return;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#options.trialMs ?? 60_000)]);
    const options = await this.#poolOptions(config, signal);
    const pool = this.#opening && options.workers > 0 ? new DetectorPool(options) : undefined;
    if (pool) await usable(pool, signal, options.model);
    this.#next = { config, pool };
  }

  /** What was prepared takes over: the next picture is looked at by it. */
  async adopt(): Promise<void> {
    const next = this.#next;
    if (!next) return;
    this.#next = undefined;
    this.#config = next.config;
    const old = this.#pool;
    if (next.pool) this.#use(next.pool);
    else if (next.config.workers === 0) this.#pool = undefined;
    if (!old || old === this.#pool) return;
    await old.close();
    this.#before = summed(this.#before, old.counts);
  }

  /** Safe to call twice; once it resolves, every picture is answered and no worker is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#opening;
    await this.#forgetNext();
    await this.#pool?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Until there is a model: one that has to be fetched may take as long as the way to it is broken. */
  async #open(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted && !this.#pool; attempt++) {
      const cause = await this.#tryOpen(signal);
      if (!cause || signal.aborted) return;
      this.#goBlind(cause);
      await sleep(retryDelayMs(backoff, attempt), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Why there is no pool, if there is none. */
  async #tryOpen(signal: AbortSignal): Promise<Error | undefined> {
    try {
      const pool = new DetectorPool(await this.#poolOptions(this.#config, signal));
      if (signal.aborted || this.#pool) return undefined;
      this.#use(pool);
      pool.start();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #poolOptions(config: DetectorConfig, signal: AbortSignal): Promise<DetectorPoolOptions> {
    const { dataDir, log, pool } = this.#options;
    return { ...(await poolOptions(config, { dataDir, signal, log })), ...pool, log };
  }

  #use(pool: DetectorPool): void {
    this.#pool = pool;
    pool.on('blind', (cause) => pool === this.#pool && this.#goBlind(cause));
    pool.on('sight', () => pool === this.#pool && this.#see());
    if (!pool.isBlind) this.#see();
  }

  #see(): void {
    if (!this.#isBlind) return;
    this.#isBlind = false;
    this.emit('sight');
  }

  #goBlind(cause: Error): void {
    if (this.#isBlind) return;
    this.#isBlind = true;
    this.emit('blind', cause);
  }

  async #forgetNext(): Promise<void> {
    const pool = this.#next?.pool;
    this.#next = undefined;
    await pool?.close();
  }
}

/** What of a configuration a pool is made by: which part of a picture it is shown is not its business. */
function poolConfig({ gate: _gate, ...rest }: DetectorConfig): Omit<DetectorConfig, 'gate'> {
  return rest;
}

/** Resolves once a worker of the pool has its model; a pool that cannot be used is closed. */
async function usable(pool: DetectorPool, signal: AbortSignal, model: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(new ModelUnusable(model, 'it was not loaded in time'));
  signal.addEventListener('abort', stop, { once: true });
  pool.once('ready', () => resolve());
  pool.once('blind', (cause) => cause instanceof ModelUnusable && reject(cause));
  pool.start();
  try {
    await promise;
  } catch (error) {
    await pool.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function summed(one: DetectorCounts, other: DetectorCounts): DetectorCounts {
  return {
    detected: one.detected + other.detected,
    failed: one.failed + other.failed,
    dropped: one.dropped + other.dropped,
    restarts: one.restarts + other.restarts,
  };
}
