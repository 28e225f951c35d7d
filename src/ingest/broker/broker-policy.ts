import { setTimeout as wait } from 'node:timers/promises';
import type { AuthenticateError, Client, PublishPacket, Subscription } from 'aedes';
import type { Accept } from '../inbound.ts';
import type { ConnectionRefusal } from '../intake-counters.ts';
import { isCleanId } from '../mqtt-text.ts';
import { commandTopic, deadLetterTopic, mayReceive, maySubscribe } from '../topics.ts';
import type { DeviceCredentials } from './device-credentials.ts';
import type { DeviceRates } from './device-rates.ts';
import { certifiedName, connectionFacts } from './guarded-connection.ts';
import type { RefusalFacts } from './refusal-log.ts';

export interface BrokerPolicyOptions {
  readonly credentials: DeviceCredentials;
  readonly rates: DeviceRates;
  /** Filters one connection may hold. */
  readonly subscriptions: number;
  /** The durable write: a publish is acknowledged only after it. */
  readonly accept: Accept;
  readonly refused: Refused;
  /** Whether a device may speak on a topic. */
  readonly mayPublish: (device: string, topic: string) => boolean;
  /** Whether it is one for calls for help. */
  readonly isCall: (topic: string) => boolean;
}

type Said = Pick<PublishPacket, 'topic' | 'payload' | 'qos' | 'retain'>;

/** `message` is one the intake refused, and counted. */
export type Refused = (reason: ConnectionRefusal | 'message', facts: RefusalFacts) => void;

/** MQTT 3.1.1 §3.2.2.3. */
const connack = { identifierRejected: 2, badCredentials: 4, notAuthorized: 5 } as const;

/** So long a message may wait for its turn; one that would have to wait longer ends its connection, unsaved. */
const patienceMs = 30_000;

const nothing = Buffer.alloc(0);

/** Why a connection ends that says more than it may: its messages are not saved, so not acknowledged. */
class OverRateError extends Error {}

/** The disk could not take it: the device keeps it and sends it again. */
class NotSavedError extends Error {}

/** Who may connect, speak and hear. aedes alone allows everything to everybody (F7). */
export class BrokerPolicy {
  readonly #options: BrokerPolicyOptions;
  readonly #devices = new WeakMap<Client, string>();
  readonly #wills = new WeakMap<Client, string>();
  readonly #filters = new WeakMap<Client, Set<string>>();
  /** Devices that have asked to hear themselves. Nobody else may. */
  readonly #listening = new Set<string>();
  readonly #closing = new AbortController();

  constructor(options: BrokerPolicyOptions) {
    this.#options = options;
  }

  /** The device a connection has shown the password of. */
  deviceOf(client: Client): string | undefined {
    return this.#devices.get(client);
  }

  /** From now on nothing of it is taken, not even what it sent before, nor its will. */
  revoke(client: Client): void {
    this.#devices.delete(client);
  }

  /** Nobody waits for a turn any more. */
  close(): void {
    this.#closing.abort(new Error('the broker stops'));
  }

  /** A will is looked at before it is taken, not when nobody is left to be told. */
  rememberWill(client: Client, topic: string): void {
    this.#wills.set(client, topic);
  }

  /** Undefined when the connection is that of the device whose user name and password it shows. */
  authenticate(client: Client, username?: string, password?: Uint8Array): AuthenticateError | undefined {
    const { credentials, refused } = this.#options;
    const fault = this.#fault(client, username, password);
    if (!fault && username !== undefined && credentials.has(username)) {
      this.#devices.set(client, username);
      return undefined;
    }
    const [reason, returnCode] = fault ?? (['bad-credentials', connack.badCredentials] as const);
    refused(reason, { ...connectionFacts(client.conn), client: client.id, device: username ?? '' });
    return Object.assign(new Error(`refused: ${reason}`), { returnCode });
  }

  /**
   * Resolves when the packet may be acknowledged. What is refused goes to a topic nobody reads: an error would close the
   * client, which then connects and sends the same message again, for ever.
   */
  async publish(client: Client | null, packet: PublishPacket): Promise<void> {
    if (client && (await this.take(client, packet))) return;
    packet.topic = deadLetterTopic;
    packet.payload = nothing;
    packet.retain = false;
  }

  /** Resolves when it may be acknowledged, with whether it was taken. Rejects where the connection has to end instead. */
  async take(client: Client, said: Said): Promise<boolean> {
    const receivedAt = new Date();
    const turn = this.#turn(client, said);
    const inTurn = typeof turn === 'boolean' ? turn : await turn;
    const sender = this.#devices.get(client);
    return inTurn && sender !== undefined && (await this.#accepted(sender, said, receivedAt));
  }

  /** Whether what the device says there is for us alone. */
  isOurs(client: Client, topic: string): boolean {
    const device = this.#devices.get(client);
    return device !== undefined && !this.#listening.has(device) && this.#options.mayPublish(device, topic);
  }

  isCall(topic: string): boolean {
    return this.#options.isCall(topic);
  }

  /** Null is SUBACK 128. */
  subscription(client: Client, subscription: Subscription): Subscription | null {
    const { subscriptions, refused } = this.#options;
    const device = this.#devices.get(client);
    const filters = this.#filters.get(client) ?? new Set<string>();
    const { topic } = subscription;
    const allowed = device !== undefined && maySubscribe(device, topic);
    if (allowed && (filters.has(topic) || filters.size < subscriptions)) {
      this.#filters.set(client, filters.add(topic));
      if (topic !== commandTopic(device)) this.#listening.add(device);
      return subscription;
    }
    refused(allowed ? 'too-many-subscriptions' : 'foreign-subscription', { client: client.id, topic });
    return null;
  }

  unsubscribed(client: Client, topics: readonly string[]): void {
    for (const topic of topics) this.#filters.get(client)?.delete(topic);
  }

  /** The last gate, asked for each message at each reader: also for what was retained or queued under other rights. */
  mayHear(client: Client, topic: string): boolean {
    const device = this.#devices.get(client);
    return device !== undefined && this.#options.credentials.has(device) && mayReceive(device, topic);
  }

  /**
   * Whether the message comes in its turn: at once, or, where it will be acknowledged, after a wait in which the broker
   * reads nothing of this connection. A call for help never waits.
   */
  #turn(client: Client, { topic, payload, qos }: Said): boolean | Promise<true> {
    const device = this.#devices.get(client);
    if (device === undefined) return true;
    const patience = { now: performance.now(), patienceMs: qos === 0 ? 0 : patienceMs };
    const waitMs = this.#options.rates.take(device, topic.length + payload.length, patience);
    if (waitMs === 0 || this.#options.isCall(topic)) return true;
    if (waitMs !== undefined) return wait(waitMs, true as const, { ref: false, signal: this.#closing.signal });
    this.#options.refused('over-rate', { device, topic });
    if (qos > 0) throw new OverRateError('says more than it may');
    return false;
  }

  async #accepted(sender: string, { topic, payload, retain }: Said, receivedAt: Date): Promise<boolean> {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const verdict = await this.#options.accept({ topic, payload: bytes, retain, receivedAt, sender }).catch((cause) => {
      throw new NotSavedError('a message could not be saved', { cause });
    });
    if (verdict === 'refused') this.#options.refused('message', { device: sender, topic });
    return verdict === 'accepted';
  }

  #fault(client: Client, username = '', password?: Uint8Array): readonly [ConnectionRefusal, number] | undefined {
    const { credentials } = this.#options;
    if (username === '') return ['bad-credentials', connack.badCredentials];
    if (!isCleanId(username) || !isCleanId(client.id)) return ['invalid-text', connack.identifierRejected];
    if (!credentials.check(username, password ?? nothing)) return ['bad-credentials', connack.badCredentials];
    if (credentials.ownerOf(client.id) !== username) return ['client-id', connack.identifierRejected];
    if ((certifiedName(client.conn) ?? username) !== username) return ['client-certificate', connack.notAuthorized];
    const will = this.#wills.get(client);
    const foreign = will !== undefined && !this.#options.mayPublish(username, will);
    return foreign ? ['foreign-will', connack.notAuthorized] : undefined;
  }
}
