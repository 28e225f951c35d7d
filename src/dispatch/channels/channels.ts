import type { Backoff } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import { forgetOtherChannels } from '../../store/channels-repository.ts';
import type { Store } from '../../store/store.ts';
import { ChannelLane } from './channel-lane.ts';
import { channelHealth } from './channel-state.ts';
import type { ChannelsConfig, WebhookConfig } from './config.ts';
import { filterOf } from './notice.ts';
import { Outbox } from './outbox.ts';
import { ReceiverClient } from './receiver-client.ts';
import { Webhook } from './webhook.ts';

export interface ChannelsOptions {
  readonly config: ChannelsConfig;
  readonly store: Store;
  readonly log: Log;
  readonly limits?: Partial<ChannelLimits>;
}

export interface ChannelLimits {
  /** Alerts and incidents that wait for one receiver at most. */
  readonly mostWaiting: number;
  readonly deadlineMs: number;
  readonly backoff: Backoff;
}

export const defaultChannelLimits: ChannelLimits = {
  mostWaiting: 1_000,
  deadlineMs: 10_000,
  backoff: { baseMs: 1_000, maxMs: 300_000 },
};

/** Everybody outside who is told of alerts and incidents, each in its own lane: one that hangs holds up nobody else. */
export class Channels {
  readonly #lanes: readonly ChannelLane[];
  readonly #store: Store;
  #dropped = 0;

  constructor({ config, store, log, limits }: ChannelsOptions) {
    const all = { ...defaultChannelLimits, ...limits };
    this.#store = store;
    this.#lanes = config.flatMap((channel) =>
      channel.kind === 'webhook' ? [this.#laneOf(channel, { ...all, log: log.child({ channel: channel.id }) })] : [],
    );
  }

  async start(): Promise<void> {
    await forgetOtherChannels(
      this.#store.db,
      this.#lanes.map(({ id }) => id),
    );
    for (const lane of this.#lanes) lane.start();
  }

  /** An event was written. */
  wake(): void {
    for (const lane of this.#lanes) lane.wake();
  }

  /** Each in a word: ok, waiting (its receiver does not take what it is told) or stopped. */
  health(): { readonly name: string; readonly status: string }[] {
    return this.#lanes.map(({ id, state }) => ({ name: `channel ${id}`, status: channelHealth(state) }));
  }

  /** How much waits for each. */
  async waiting(): Promise<Record<string, number>> {
    const counts = await Promise.all(this.#lanes.map(async (lane) => [lane.id, await lane.waiting()] as const));
    return Object.fromEntries(counts);
  }

  /** Notices told, attempts that failed, notices given up; channels that stopped. */
  counts(): Readonly<Record<'told' | 'failed' | 'dropped' | 'stopped', number>> {
    const sum = (of: 'told' | 'failed') => this.#lanes.reduce((total, { counts }) => total + counts[of], 0);
    const stopped = this.#lanes.filter(({ state }) => state.phase === 'stopped').length;
    return { told: sum('told'), failed: sum('failed'), dropped: this.#dropped, stopped };
  }

  /** Safe to call twice; once it resolves, nobody is told any more. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #laneOf(config: WebhookConfig, { mostWaiting, deadlineMs, backoff, log }: ChannelLimits & { readonly log: Log }) {
    const webhook = new Webhook(config, new ReceiverClient({ allow: config.allow, deadlineMs }));
    const dropped = (count: number) => {
      this.#dropped += count;
      log.warn({ count }, 'channel too far behind, the oldest notices are given up');
    };
    const outbox = new Outbox({
      store: this.#store,
      channel: config.id,
      filter: filterOf(config),
      most: mostWaiting,
      dropped,
    });
    return new ChannelLane({
      id: config.id,
      outbox,
      tell: (notice, signal) => webhook.tell(notice, signal),
      log,
      backoff,
    });
  }
}
