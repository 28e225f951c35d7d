import { join } from 'node:path';
import type { Backoff } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import { forgetOtherChannels } from '../../store/channels-repository.ts';
import type { Store } from '../../store/store.ts';
import { ChannelLane } from './channel-lane.ts';
import { channelHealth } from './channel-state.ts';
import type { ChannelsConfig, PushConfig, WebhookConfig } from './config.ts';
import { everythingFor, filterOf, type Notice } from './notice.ts';
import { Outbox } from './outbox.ts';
import { WebPush } from './push/web-push.ts';
import { ReceiverClient } from './receiver-client.ts';
import { Webhook } from './webhook.ts';

export interface ChannelsOptions {
  readonly config: ChannelsConfig;
  readonly store: Store;
  /** Where the keys of Web Push lie. */
  readonly dataDir: string;
  readonly log: Log;
  readonly limits?: Partial<ChannelLimits>;
}

export interface ChannelLimits {
  /** Alerts and incidents that wait for one receiver at most. */
  readonly mostWaiting: number;
  readonly deadlineMs: number;
  readonly backoff: Backoff;
  /** Trusted instead of the authorities that Node knows. */
  readonly ca?: string | undefined;
}

export const defaultChannelLimits: ChannelLimits = {
  mostWaiting: 1_000,
  deadlineMs: 10_000,
  backoff: { baseMs: 1_000, maxMs: 300_000 },
};

/** Everybody outside who is told of alerts and incidents, each in its own lane: one that hangs holds up nobody else. */
export class Channels {
  /** Undefined where nobody is told by Web Push. */
  readonly push: WebPush | undefined;
  readonly #lanes: readonly ChannelLane[];
  readonly #options: ChannelsOptions;
  readonly #limits: ChannelLimits;
  #dropped = 0;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#limits = { ...defaultChannelLimits, ...options.limits };
    const { config } = options;
    const push = config.find((channel) => channel.kind === 'push');
    this.push = push && this.#pushOf(push);
    this.#lanes = config.map((channel) => this.#laneOf(channel));
  }

  /** Resolves once nothing that is written from now on is missed. */
  async start(): Promise<void> {
    await forgetOtherChannels(
      this.#options.store.db,
      this.#lanes.map(({ id }) => id),
    );
    for (const lane of this.#lanes) await lane.start();
    this.push?.start();
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
    await Promise.all([...this.#lanes, this.push].map((one) => one?.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #laneOf(channel: WebhookConfig | PushConfig): ChannelLane {
    const { store, log: parent } = this.#options;
    const { mostWaiting, backoff } = this.#limits;
    const { id } = channel;
    const log = parent.child({ channel: id });
    const dropped = (count: number) => {
      this.#dropped += count;
      log.warn({ count }, 'channel too far behind, the oldest notices are given up');
    };
    const filter = channel.kind === 'push' ? everythingFor(id) : filterOf(channel);
    const outbox = new Outbox({ store, channel: id, filter, most: mostWaiting, dropped });
    return new ChannelLane({ id, outbox, tell: this.#tellOf(channel), log, backoff });
  }

  /** Letters to browsers are written first, each to be sent by itself. */
  #tellOf(channel: WebhookConfig | PushConfig): (notice: Notice, signal: AbortSignal) => Promise<void> {
    if (channel.kind === 'push') return async (notice) => await this.push?.take(notice);
    const webhook = new Webhook(channel, this.#clientOf(channel));
    return (notice, signal) => webhook.tell(notice, signal);
  }

  #pushOf(config: PushConfig): WebPush {
    const { store, dataDir, log } = this.#options;
    const { backoff } = this.#limits;
    const keysFile = join(dataDir, 'push-keys.json');
    return new WebPush({ config, store, keysFile, client: this.#clientOf(config), backoff, log });
  }

  #clientOf({ allow }: Pick<PushConfig, 'allow'>): ReceiverClient {
    const { deadlineMs, ca } = this.#limits;
    return new ReceiverClient({ allow, deadlineMs, ca });
  }
}
