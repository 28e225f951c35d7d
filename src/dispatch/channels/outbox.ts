import {
  type ChannelCursor,
  type ChannelFilter,
  channelCursor,
  countUntold,
  newestUntold,
  putChannelCursor,
  untoldAt,
} from '../../store/channels-repository.ts';
import { headSeq } from '../../store/events-repository.ts';
import type { Store } from '../../store/store.ts';
import { type Notice, noticeOf } from './notice.ts';

export interface OutboxOptions {
  readonly store: Store;
  readonly channel: string;
  readonly filter: ChannelFilter;
  /** Alerts and incidents that wait at most; the oldest are given up and counted. */
  readonly most: number;
  /** So many were given up at once. */
  readonly dropped: (count: number) => void;
}

/** Read at once; what has changed meanwhile is told of in the next lot. */
const lot = 20;
/** A cursor so far behind what was read costs a longer look at the next start. */
const writeEvery = 500;

/**
 * What a channel has not told yet: the event log after its cursor. The log is written in the transaction of each change,
 * so nothing is lost, and no receiver, however slow, costs a change anything.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #cursor: ChannelCursor | undefined;
  #written = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** What is to be told next, oldest first; of each alert and incident its newest state. Empty when all is told. */
  async next(): Promise<Notice[]> {
    const { store } = this.#options;
    const cursor = await this.#bounded(await this.#opened());
    // Before the look: what comes while it looks is looked at the next time.
    const head = await headSeq(store.db);
    const events = await newestUntold(store.db, this.#after(cursor.seq), lot);
    if (events.length === 0) await this.#pass(head);
    const { dropped } = cursor;
    return events
      .map(noticeOf)
      .map((notice, index) => (index === 0 && dropped > 0 ? { ...notice, missed: dropped } : notice));
  }

  /** Resolves once it is on disk that the notice need not be told again. */
  async told({ seq, missed = 0 }: Notice): Promise<void> {
    const cursor = await this.#opened();
    await this.#write({ ...cursor, seq: Math.max(seq, cursor.seq), dropped: cursor.dropped - missed });
  }

  async waiting(): Promise<number> {
    const { seq } = await this.#opened();
    return await countUntold(this.#options.store.db, this.#after(seq));
  }

  /** A channel nobody has heard of begins at the end of the log. */
  async open(): Promise<void> {
    await this.#opened();
  }

  async #opened(): Promise<ChannelCursor> {
    const { store, channel } = this.#options;
    if (this.#cursor) return this.#cursor;
    const known = await channelCursor(store.db, channel);
    const cursor = known ?? { channel, seq: await headSeq(store.db), dropped: 0 };
    if (!known) await putChannelCursor(store.db, cursor);
    this.#written = cursor.seq;
    this.#cursor ??= cursor;
    return this.#cursor;
  }

  async #bounded(cursor: ChannelCursor): Promise<ChannelCursor> {
    const { store, most, dropped } = this.#options;
    const untold = this.#after(cursor.seq);
    const excess = (await countUntold(store.db, untold)) - most;
    if (excess <= 0) return cursor;
    const seq = (await untoldAt(store.db, untold, excess)) ?? cursor.seq;
    await this.#write({ ...cursor, seq, dropped: cursor.dropped + excess });
    dropped(excess);
    return await this.#opened();
  }

  /** Nothing up to there concerns it. */
  async #pass(seq: number): Promise<void> {
    const cursor = await this.#opened();
    if (seq <= cursor.seq) return;
    this.#cursor = { ...cursor, seq };
    if (seq - this.#written >= writeEvery) await this.#write(this.#cursor);
  }

  async #write(cursor: ChannelCursor): Promise<void> {
    await putChannelCursor(this.#options.store.db, cursor);
    this.#cursor = cursor;
    this.#written = cursor.seq;
  }

  #after(after: number) {
    return { filter: this.#options.filter, after };
  }
}
