import { Readable } from 'node:stream';
import { maySubscribe, topicMatches, topicName } from '../topics.ts';
import { InboundWindow } from './inbound-window.ts';
import { RetainedMessages, type RetainedPacket } from './retained-messages.ts';
import type { QueueLimits } from './send-queue.ts';
import { ownCopy, type QueuedPacket, SessionQueue } from './session-queue.ts';

export interface SessionLimits {
  /** What waits for one session. */
  readonly queue: QueueLimits;
  readonly perDevice: number;
  readonly subscriptions: number;
}

export interface DeviceSessionsOptions {
  readonly limits: SessionLimits;
  /** The device a client id belongs to. */
  readonly ownerOf: (clientId: string) => string | undefined;
  /** Something of this device had to go. */
  readonly dropped: (reason: 'session-full' | 'too-many-sessions', device: string) => void;
}

interface Subscription {
  readonly topic: string;
  readonly qos: number;
}

/** What survives the connection of a client that said clean=false. */
interface Session {
  readonly device: string;
  readonly subscriptions: Map<string, Subscription>;
  readonly queue: SessionQueue;
}

interface Named {
  readonly id: string;
}

/**
 * What aedes asks of a persistence, in memory and bounded; its own keeps for ever what nobody fetches, and keeps refused
 * subscriptions beside granted ones. Nothing here outlives the process: what devices say is on disk, what is said to them
 * is repeated by who says it.
 */
export class DeviceSessions {
  readonly #options: DeviceSessionsOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #ofDevice = new Map<string, Map<string, Session>>();
  readonly #retained = new RetainedMessages();
  readonly #inbound = new InboundWindow();

  constructor(options: DeviceSessionsOptions) {
    this.#options = options;
  }

  async setup(): Promise<void> {}

  /** Who is no longer a device, or another one under the same name, finds nothing of before. */
  forget(device: string): void {
    for (const id of this.#ofDevice.get(device)?.keys() ?? []) this.#end(id);
    this.#retained.forget(device);
  }

  /** A client id may be another's from now on: a device with a longer id than its former owner's. */
  forgetStrangers(): void {
    for (const [id, { device }] of this.#sessions) if (this.#options.ownerOf(id) !== device) this.#end(id);
  }

  /** Packets that wait for sessions. */
  get waiting(): number {
    return [...this.#sessions.values()].reduce((sum, { queue }) => sum + queue.length, 0);
  }

  async addSubscriptions({ id }: Named, wanted: readonly Subscription[]): Promise<void> {
    const device = this.#options.ownerOf(id);
    if (device === undefined) return;
    const { subscriptions } = this.#sessions.get(id) ?? this.#begin(id, device);
    for (const { topic, qos } of wanted) {
      const fits = subscriptions.has(topic) || subscriptions.size < this.#options.limits.subscriptions;
      if (fits && maySubscribe(device, topic)) subscriptions.set(topic, { topic, qos });
    }
  }

  async removeSubscriptions({ id }: Named, topics: readonly string[]): Promise<void> {
    for (const topic of topics) this.#sessions.get(id)?.subscriptions.delete(topic);
  }

  async subscriptionsByClient({ id }: Named): Promise<Subscription[]> {
    return [...(this.#use(id)?.subscriptions.values() ?? [])];
  }

  /** Each session once, whose device may be away. */
  async subscriptionsByTopic(topic: string): Promise<(Subscription & { clientId: string })[]> {
    const sessions = this.#ofDevice.get(topicName(topic) ?? '') ?? new Map<string, Session>();
    return [...sessions].flatMap(([clientId, { subscriptions }]) => {
      const heard = [...subscriptions.values()].filter(
        ({ qos, topic: filter }) => qos > 0 && topicMatches(filter, topic),
      );
      return heard.slice(0, 1).map((subscription) => ({ ...subscription, clientId }));
    });
  }

  async cleanSubscriptions({ id }: Named): Promise<void> {
    this.#end(id);
  }

  async outgoingEnqueue({ clientId }: { readonly clientId: string }, packet: QueuedPacket): Promise<void> {
    const session = this.#sessions.get(clientId);
    if (!session) return;
    const dropped = session.queue.push(ownCopy(packet));
    for (let n = 0; n < dropped; n += 1) this.#options.dropped('session-full', session.device);
  }

  async outgoingEnqueueCombi(subs: readonly { readonly clientId: string }[], packet: QueuedPacket): Promise<void> {
    for (const sub of subs) await this.outgoingEnqueue(sub, packet);
  }

  async outgoingUpdate({ id }: Named, packet: QueuedPacket): Promise<void> {
    this.#sessions.get(id)?.queue.update(packet);
  }

  async outgoingClearMessageId({ id }: Named, packet: QueuedPacket): Promise<QueuedPacket | undefined> {
    return this.#sessions.get(id)?.queue.remove(packet);
  }

  outgoingStream({ id }: Named): Readable {
    return Readable.from(this.#sessions.get(id)?.queue.list() ?? []);
  }

  async storeRetained(packet: RetainedPacket): Promise<void> {
    const name = topicName(packet.topic);
    if (name !== undefined && this.#options.ownerOf(name) === name) this.#retained.store(name, packet);
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    return Readable.from(this.#retained.matching(filters));
  }

  async incomingStorePacket({ id }: Named, packet: QueuedPacket): Promise<void> {
    this.#inbound.store(id, packet);
  }

  async incomingGetPacket({ id }: Named, { messageId }: QueuedPacket): Promise<QueuedPacket> {
    return this.#inbound.get(id, messageId);
  }

  async incomingDelPacket({ id }: Named, { messageId }: QueuedPacket): Promise<void> {
    this.#inbound.delete(id, messageId);
  }

  async cleanIncoming({ id }: Named): Promise<void> {
    this.#inbound.forget(id);
  }

  /** A will is with its connection; kept here it would be for a second broker. */
  async putWill(): Promise<void> {}

  async delWill(): Promise<void> {}

  streamWill(): Readable {
    return Readable.from([]);
  }

  #begin(id: string, device: string): Session {
    const { limits, dropped } = this.#options;
    const [oldest] = this.#ofDevice.get(device)?.keys() ?? [];
    if (oldest !== undefined && (this.#ofDevice.get(device)?.size ?? 0) >= limits.perDevice) {
      this.#end(oldest);
      dropped('too-many-sessions', device);
    }
    const session = { device, subscriptions: new Map(), queue: new SessionQueue(limits.queue) };
    this.#sessions.set(id, session);
    this.#ofDevice.set(device, (this.#ofDevice.get(device) ?? new Map<string, Session>()).set(id, session));
    return session;
  }

  /** The one used longest ago is the first to go. */
  #use(id: string): Session | undefined {
    const session = this.#sessions.get(id);
    const sessions = session && this.#ofDevice.get(session.device);
    if (session && sessions?.delete(id)) sessions.set(id, session);
    return session;
  }

  #end(id: string): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    this.#inbound.forget(id);
    const sessions = session && this.#ofDevice.get(session.device);
    sessions?.delete(id);
    if (session && sessions?.size === 0) this.#ofDevice.delete(session.device);
  }
}
