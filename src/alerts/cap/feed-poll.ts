import { setTimeout as sleep } from 'node:timers/promises';
import { retryDelayMs } from '../../shared/backoff.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { CapReading } from './cap-message.ts';
import { type FeedRound, reasonOf } from './feed-reader.ts';
import { describeFeed, type FeedState, nextFeedState } from './feed-state.ts';

export interface FeedPollOptions {
  readonly id: string;
  readonly everyMs: number;
  /** One round; fails when the feed cannot be read. */
  readonly read: (signal: AbortSignal) => Promise<FeedRound>;
  /** Resolves when they are entered. */
  readonly take: (readings: readonly CapReading[], signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

const backoff = { baseMs: 5_000, maxMs: 300_000 };
const shortestRetryMs = 1_000;

/** Keeps one feed read until closed, whatever it answers. */
export class FeedPoll {
  readonly #options: FeedPollOptions;
  readonly #closing = new AbortController();
  readonly #tally: ErrorTally;
  #state: FeedState = { phase: 'starting' };
  #done: Promise<void> | undefined;

  constructor(options: FeedPollOptions) {
    this.#options = options;
    const { id, log } = options;
    this.#tally = new ErrorTally((count, { message }) =>
      log.warn({ feed: id, count, reason: message }, 'feed degraded'),
    );
  }

  get id(): string {
    return this.#options.id;
  }

  get state(): FeedState {
    return this.#state;
  }

  /** In a word, or since when it is degraded and why. */
  get health(): string {
    return describeFeed(this.#state);
  }

  start(): void {
    this.#done ??= this.#run(this.#closing.signal);
  }

  /** Safe to call twice; once it resolves, nothing more is asked or taken. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
    this.#tally.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      failures = (await this.#round(signal)) ? 0 : failures + 1;
      if (signal.aborted) return;
      const retryMs = Math.max(shortestRetryMs, retryDelayMs(backoff, failures - 1));
      await sleep(failures === 0 ? this.#options.everyMs : retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** False when the feed must be tried again sooner than usual. */
  async #round(signal: AbortSignal): Promise<boolean> {
    try {
      const { readings, trouble } = await this.#options.read(signal);
      if (signal.aborted) return true;
      await this.#options.take(readings, signal);
      this.#note(trouble);
      return true;
    } catch (error) {
      if (!signal.aborted) this.#note(reasonOf(error));
      return false;
    }
  }

  #note(trouble: string | undefined): void {
    const event =
      trouble === undefined
        ? ({ type: 'read' } as const)
        : ({ type: 'failed', at: new Date(), reason: trouble } as const);
    if (event.type === 'failed') this.#tally.add(new Error(event.reason));
    else if (this.#state.phase === 'degraded') this.#options.log.info({ feed: this.id }, 'feed well again');
    this.#state = nextFeedState(this.#state, event);
  }
}
