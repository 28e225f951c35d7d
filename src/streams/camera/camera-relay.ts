import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { type Cause, failureOf, type StreamFailure } from '../stream-failure.ts';
import { type SessionEvents, stalenessMessages } from './camera-session.ts';
import type { DialGate } from './dial-gate.ts';
import { nextState, type RelayEvent, type RelayState } from './relay-state.ts';

/** One attempt: resolves when `signal` aborts, throws what ended it. */
export type RunSession = (events: SessionEvents, signal: AbortSignal) => Promise<void>;

export interface RelayOptions {
  readonly runSession: RunSession;
  readonly gate: DialGate;
  readonly log: Log;
  readonly random?: () => number;
}

export interface RelayEvents {
  state: [RelayState];
  /** A new connection plays: the camera's clock starts over. */
  playing: [];
  picture: [AccessUnit];
}

const usualBackoff: Backoff = { baseMs: 1_000, maxMs: 60_000 };
/** Cameras lock an account after a few wrong passwords. */
const refusedBackoff: Backoff = { baseMs: 15_000, maxMs: 60_000 };
/** Only a camera that ran so long counts as well again. */
const steadyMs = 30_000;

interface Outcome {
  readonly failure: StreamFailure;
  readonly ranMs: number;
}

/** Keeps one camera connected while it is wanted: runs attempts, waits between them, says how it stands. */
export class CameraRelay extends EventEmitter<RelayEvents> {
  readonly #options: RelayOptions;
  #state: RelayState = { phase: 'idle', since: new Date() };
  #running: AbortController | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(options: RelayOptions) {
    super();
    this.#options = options;
  }

  get state(): RelayState {
    return this.#state;
  }

  /** Starts to connect and returns at once; nothing happens when it does already, or is closed. */
  open(): void {
    if (this.#running || this.#state.phase === 'closed') return;
    const running = new AbortController();
    this.#running = running;
    this.#done = this.#done.then(() => this.#run(running.signal));
  }

  /** Ends the connection until `open`. Resolves when no packet and no timer is left. */
  async rest(): Promise<void> {
    this.#running?.abort();
    this.#running = undefined;
    await this.#done;
    if (!this.#running) this.#apply({ type: 'rest', at: new Date() });
  }

  /** Safe to call twice; once it resolves, no packet and no timer is left. */
  async close(): Promise<void> {
    this.#running?.abort();
    this.#running = undefined;
    await this.#done;
    this.#apply({ type: 'close', at: new Date() });
  }

  async #run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      attempt += 1;
      this.#apply({ type: 'dial', at: new Date(), attempt });
      const { failure, ranMs } = await this.#attempt(signal);
      if (signal.aborted) return;
      if (ranMs >= steadyMs) attempt = 1;
      await this.#wait(failure, attempt, signal);
    }
  }

  async #attempt(signal: AbortSignal): Promise<Outcome> {
    const leaveGate = await this.#options.gate.enter(signal);
    const startedAt = performance.now();
    let picturesAt: number | undefined;
    const events: SessionEvents = {
      playing: () => {
        leaveGate?.();
        this.emit('playing');
      },
      picture: (unit) => {
        picturesAt ??= performance.now();
        this.emit('picture', unit);
        if (this.#state.phase !== 'live') this.#apply({ type: 'picture', at: new Date() });
      },
      awaits: ({ failure, message }) => {
        leaveGate?.();
        this.#apply({ type: 'await', at: new Date(), cause: failure, message });
      },
      verdict: (verdict) => this.#judge(verdict),
    };
    try {
      await this.#options.runSession(events, signal);
      return { failure: failureOf(new Error('the session ended by itself')), ranMs: 0 };
    } catch (error) {
      const failure = failureOf(error);
      const facts = { failure: failure.failure, seconds: Math.round((performance.now() - startedAt) / 1_000) };
      this.#options.log.debug({ ...facts, err: failure }, 'camera session ended');
      return { failure, ranMs: picturesAt === undefined ? 0 : performance.now() - picturesAt };
    } finally {
      leaveGate?.();
    }
  }

  #judge(verdict: 'fresh' | keyof typeof stalenessMessages): void {
    const at = new Date();
    if (verdict === 'fresh') this.#apply({ type: 'fresh', at });
    else this.#apply({ type: 'stale', at, cause: verdict, message: stalenessMessages[verdict] });
  }

  async #wait(failure: StreamFailure, attempt: number, signal: AbortSignal): Promise<void> {
    const delayMs = retryDelayMs(backoffAfter(failure.failure), attempt - 1, this.#options.random);
    const at = new Date();
    const retryAt = new Date(at.getTime() + delayMs);
    this.#apply({ type: 'failed', at, cause: failure.failure, message: failure.message, retryAt });
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }

  #apply(event: RelayEvent): void {
    const state = nextState(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }
}

function backoffAfter(cause: Cause): Backoff {
  return cause === 'unauthorized' ? refusedBackoff : usualBackoff;
}
