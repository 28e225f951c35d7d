import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyFeatureCollection } from '../../gis/geojson.ts';
import { type Actor, maySee } from '../../shared/actor.ts';
import type { CapReading } from './cap-message.ts';
import { FeedPoll } from './feed-poll.ts';
import { FeedReader } from './feed-reader.ts';
import { StandingWarnings, type TakenFeed, type WarningPorts } from './standing-warnings.ts';
import { warningFeatures } from './warning-features.ts';
import { everyMs, type FeedConfig, type WarningsConfig } from './warnings-config.ts';

export interface WarningFeedsOptions extends WarningPorts {
  readonly config: WarningsConfig;
  /** What has begun or ended is looked for this often; 5 s unless told. */
  readonly lookMs?: number;
}

/** What became of the messages of all feeds. */
export interface WarningCounts {
  readonly message: number;
  /** Tests, exercises and drafts. */
  readonly ignored: number;
  readonly refused: number;
}

const reloadMs = 5_000;

/** Reads the configured feeds of weather warnings, and keeps the alerts of our areas in step with them. */
export class WarningFeeds {
  readonly #options: WarningFeedsOptions;
  readonly #standing: StandingWarnings;
  readonly #polls: readonly FeedPoll[];
  readonly #counts = { message: 0, ignored: 0, refused: 0 };
  readonly #closing = new AbortController();
  #done: Promise<void> | undefined;

  constructor(options: WarningFeedsOptions) {
    this.#options = options;
    this.#standing = new StandingWarnings(options);
    this.#polls = options.config.feeds.map((feed) => this.#poll(feed));
  }

  get counts(): WarningCounts {
    return { ...this.#counts };
  }

  /** How each feed is doing, in a word or a sentence. */
  health(): { readonly name: string; readonly status: string }[] {
    return this.#polls.map(({ id, health }) => ({ name: `warnings.${id}`, status: health }));
  }

  /** The ground of the warnings in force that concern what the actor may see. */
  features(actor: Actor): AnyFeatureCollection {
    const { areas } = this.#options;
    return warningFeatures(this.#standing.list(), { areas, now: new Date(), sees: (area) => maySee(actor, area) });
  }

  /** Returns at once, feeds up or down. */
  start(): void {
    this.#done ??= this.#run(this.#closing.signal);
  }

  /** Safe to call twice; once it resolves, nothing more is read or told. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
    await Promise.all(this.#polls.map((poll) => poll.close()));
    this.#standing.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    // What was known before is taken up first: the feeds may speak of it.
    while (!(await this.#load())) {
      await pause(reloadMs, signal);
      if (signal.aborted) return;
    }
    if (signal.aborted) return;
    for (const poll of this.#polls) poll.start();
    while (!signal.aborted) {
      await this.#standing.look(new Date());
      await pause(this.#options.lookMs ?? 5_000, signal);
    }
  }

  async #load(): Promise<boolean> {
    try {
      await this.#standing.load();
      return true;
    } catch (err) {
      this.#options.log.error({ err }, 'warnings not taken up');
      return false;
    }
  }

  #poll(feed: FeedConfig): FeedPoll {
    const { config, log } = this.#options;
    const reader = new FeedReader({ feed, hosts: config.hosts });
    const codes = { ...config.areaCodes, ...feed.areaCodes };
    return new FeedPoll({
      id: feed.id,
      everyMs: everyMs(feed),
      read: (signal) => reader.read(signal),
      take: (readings, signal) => this.#take(readings, { codes, signal }),
      log,
    });
  }

  async #take(readings: readonly CapReading[], feed: TakenFeed): Promise<void> {
    for (const { kind } of readings) this.#counts[kind] += 1;
    const messages = readings.flatMap((reading) => (reading.kind === 'message' ? [reading.message] : []));
    await this.#standing.take(messages, feed);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
