import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import { attemptsOf, type ChannelEvent, type ChannelState, nextChannelState } from './channel-state.ts';
import type { Notice } from './notice.ts';
import type { Outbox } from './outbox.ts';
import { DeliveryError } from './receiver-client.ts';

export interface ChannelLaneOptions {
  readonly id: string;
  readonly outbox: Outbox;
  /** Resolves once the receiver has taken it; throws DeliveryError. */
  readonly tell: (notice: Notice, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly backoff?: Backoff | undefined;
}

const usualBackoff: Backoff = { baseMs: 1_000, maxMs: 300_000 };
/** Nobody wakes it for an event whose transaction said nothing of it. */
const lookMs = 10_000;
const gone = 410;

/** Tells one receiver, one notice after the other and each until it is taken, until closed. */
export class ChannelLane {
  readonly id: string;
  readonly #options: ChannelLaneOptions;
  readonly #closing = new AbortController();
  #state: ChannelState = { phase: 'idle' };
  #counts = { told: 0, failed: 0 };
  #wake = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  constructor(options: ChannelLaneOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get state(): ChannelState {
    return this.#state;
  }

  /** Notices taken and attempts that failed since the start. */
  get counts(): Readonly<Record<'told' | 'failed', number>> {
    return this.#counts;
  }

  /** Resolves once nothing that is written from now on is missed. */
  async start(): Promise<void> {
    await this.#options.outbox.open();
    this.#running ??= this.#run(this.#closing.signal);
  }

  /** There may be something to tell. */
  wake(): void {
    this.#wake.resolve();
  }

  /** How many alerts and incidents wait. */
  waiting(): Promise<number> {
    return this.#options.outbox.waiting();
  }

  /** Safe to call twice; once it resolves, nothing is told any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    this.#apply({ type: 'close' });
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#state.phase !== 'stopped') {
      this.#wake = Promise.withResolvers();
      const hasTold = await this.#round(signal).catch((error) => this.#failed(error));
      if (hasTold) continue;
      if (this.#state.phase === 'waiting') await pause(this.#state.retryAt.getTime() - Date.now(), signal);
      else await this.#idle(signal);
    }
  }

  async #idle(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    await Promise.race([this.#wake.promise, pause(lookMs, AbortSignal.any([signal, woken.signal]))]);
    woken.abort();
  }

  /** Tells one lot; false when there was none. */
  async #round(signal: AbortSignal): Promise<boolean> {
    const notices = await this.#options.outbox.next();
    for (const notice of notices) {
      if (signal.aborted) break;
      this.#apply({ type: 'tell' });
      await this.#options.tell(notice, signal);
      await this.#options.outbox.told(notice);
      this.#counts = { ...this.#counts, told: this.#counts.told + 1 };
      this.#apply({ type: 'told' });
    }
    return notices.length > 0;
  }

  #failed(error: unknown): false {
    if (this.#closing.signal.aborted) return false;
    const { log, backoff = usualBackoff } = this.#options;
    const cause = error instanceof Error ? error : new Error('not told', { cause: error });
    this.#counts = { ...this.#counts, failed: this.#counts.failed + 1 };
    if (cause instanceof DeliveryError && cause.status === gone) {
      this.#apply({ type: 'gone', cause });
      log.error(
        { channel: this.id },
        'channel stopped: its receiver says that it is gone (410); a restart tries again',
      );
      return false;
    }
    const attempt = attemptsOf(this.#state);
    this.#apply({ type: 'failed', cause, retryAt: new Date(Date.now() + retryDelayMs(backoff, attempt)) });
    if (attempt === 0)
      log.warn({ channel: this.id, err: cause }, 'channel does not take what it is told, trying again');
    return false;
  }

  #apply(event: ChannelEvent): void {
    this.#state = nextChannelState(this.#state, event);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal, ref: false }).catch(() => undefined);
}
