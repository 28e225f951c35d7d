import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import type { AudioFrame, SoundOffer } from '../rtp/audio-frame.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { type Cause, failureOf, StreamFailure } from '../stream-failure.ts';
import { type SessionEvents, stalenessMessages } from './camera-session.ts';
import type { DialGate, LeaveGate } from './dial-gate.ts';
import { samePicture } from './picture-watch.ts';
import { nextState, type RelayEvent, type RelayState } from './relay-state.ts';

/** One attempt: resolves when `signal` aborts, throws what ended it. */
export type RunSession = (events: SessionEvents, signal: AbortSignal) => Promise<void>;

export interface RelayOptions {
  readonly runSession: RunSession;
  readonly gate: DialGate;
  readonly log: Log;
  readonly random?: () => number;
  /** How the time until a redial passes; ends early when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export interface RelayEvents {
  state: [RelayState];
  /** A new connection plays: the camera's clock starts over. */
  playing: [];
  /** The flag: it is another picture than the one before. An encoder that hangs sends the same again and again. */
  picture: [AccessUnit, boolean];
  /** What the camera that plays says of its sound. */
  soundOffer: [SoundOffer | undefined];
  sound: [AudioFrame];
}

const usualBackoff: Backoff = { baseMs: 1_000, maxMs: 60_000 };
/** Cameras lock an account after a few wrong passwords. */
const refusedBackoff: Backoff = { baseMs: 15_000, maxMs: 60_000 };
/** Only a camera that showed live pictures for so long counts as well again. */
const steadyMs = 30_000;

interface Outcome {
  readonly failure: StreamFailure;
  /** How long it showed live pictures. */
  readonly ranMs: number;
}

/** From the first live picture of an attempt to the last. */
class LiveSpan {
  #from: number | undefined;
  #to = 0;

  picture(now: number): void {
    this.#from ??= now;
    this.#to = now;
  }

  get ms(): number {
    return this.#from === undefined ? 0 : this.#to - this.#from;
  }
}

/** Keeps one camera connected while it is wanted: runs attempts, waits between them, says how it stands. */
export class CameraRelay extends EventEmitter<RelayEvents> {
  readonly #options: RelayOptions;
  #state: RelayState = { phase: 'idle', since: new Date() };
  #running: AbortController | undefined;
  /** Kept over attempts: a picture that was old stays old when the camera is dialled again. */
  #last: AccessUnit | undefined;
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

  /** Gives up the connection, or the wait for one, and dials anew at once: the camera is another one now. */
  redial(): void {
    if (!this.#running) return;
    this.#running.abort();
    this.#running = undefined;
    this.open();
  }

  /** Ends the connection until `open`. Resolves when no packet and no timer is left. */
  async rest(): Promise<void> {
    this.#running?.abort();
    this.#running = undefined;
    await this.#done;
    if (this.#running) return;
    this.#last = undefined;
    this.#apply({ type: 'rest', at: new Date() });
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
      const { failure, ranMs } = await this.#attempt(attempt, signal);
      if (signal.aborted) return;
      if (ranMs >= steadyMs) attempt = 1;
      await this.#wait(failure, attempt, signal);
    }
  }

  async #attempt(attempt: number, signal: AbortSignal): Promise<Outcome> {
    const leaveGate = await this.#options.gate.enter(signal, attempt);
    const startedAt = performance.now();
    const span = new LiveSpan();
    try {
      await this.#options.runSession(this.#events(span, leaveGate), signal);
      return { failure: new StreamFailure('lost', 'The camera ended the stream.'), ranMs: span.ms };
    } catch (error) {
      const failure = failureOf(error);
      const facts = { failure: failure.failure, seconds: Math.round((performance.now() - startedAt) / 1_000) };
      this.#options.log.debug({ ...facts, err: failure }, 'camera session ended');
      return { failure, ranMs: span.ms };
    } finally {
      leaveGate?.();
    }
  }

  /** What the attempt reports; its place among those that dial is given back once it needs it no more. */
  #events(span: LiveSpan, leaveGate: LeaveGate | undefined): SessionEvents {
    return {
      playing: () => {
        leaveGate?.();
        this.emit('playing');
      },
      picture: (unit) => {
        const isNew = !this.#last || !samePicture(this.#last, unit);
        this.#last = unit;
        this.emit('picture', unit, isNew);
        if (this.#state.phase !== 'live') this.#apply({ type: 'picture', at: new Date() });
        if (this.#state.phase === 'live') span.picture(performance.now());
      },
      soundOffer: (offer) => this.emit('soundOffer', offer),
      sound: (frame) => this.emit('sound', frame),
      awaits: ({ failure, message }) => {
        leaveGate?.();
        this.#apply({ type: 'await', at: new Date(), cause: failure, message });
      },
      verdict: (verdict) => this.#judge(verdict),
    };
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
    const { wait = pass } = this.#options;
    await wait(delayMs, signal).catch(() => undefined);
  }

  #apply(event: RelayEvent): void {
    const state = nextState(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }
}

const pass = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal });

function backoffAfter(cause: Cause): Backoff {
  return cause === 'unauthorized' ? refusedBackoff : usualBackoff;
}
