import type { AuthenticateError, Client, PublishPacket, Subscription } from 'aedes';
import type { Accept } from '../inbound.ts';
import type { ConnectionRefusal } from '../intake-counters.ts';
import { isCleanId } from '../mqtt-text.ts';
import { deadLetterTopic, mayReceive, maySubscribe } from '../topics.ts';
import type { DeviceCredentials } from './device-credentials.ts';

export interface BrokerPolicyOptions {
  readonly credentials: DeviceCredentials;
  /** The durable write: a publish is acknowledged only after it. */
  readonly accept: Accept;
  readonly refused: (reason: ConnectionRefusal) => void;
  /** Whether a device may speak on a topic. */
  readonly mayPublish: (device: string, topic: string) => boolean;
}

/** MQTT 3.1.1 §3.2.2.3. */
const connack = { identifierRejected: 2, badCredentials: 4, notAuthorized: 5 } as const;

const nothing = Buffer.alloc(0);

/** Who may connect, speak and hear. aedes alone allows everything to everybody (F7). */
export class BrokerPolicy {
  readonly #options: BrokerPolicyOptions;
  readonly #devices = new WeakMap<Client, string>();
  readonly #wills = new WeakMap<Client, string>();

  constructor(options: BrokerPolicyOptions) {
    this.#options = options;
  }

  /** The device a connection has shown the password of. */
  deviceOf(client: Client): string | undefined {
    return this.#devices.get(client);
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
    refused(reason);
    return Object.assign(new Error(`refused: ${reason}`), { returnCode });
  }

  /**
   * Resolves when the packet may be acknowledged. What is refused goes to a topic nobody reads: an error would close the
   * client, which then connects and sends the same message again, for ever.
   */
  async publish(client: Client | null, packet: PublishPacket): Promise<void> {
    const sender = client ? this.#devices.get(client) : undefined;
    const { topic, retain } = packet;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const verdict =
      sender !== undefined && (await this.#options.accept({ topic, payload, retain, receivedAt: new Date(), sender }));
    if (verdict === 'accepted') return;
    packet.topic = deadLetterTopic;
    packet.payload = nothing;
    packet.retain = false;
  }

  /** Null is SUBACK 128. */
  subscription(client: Client, subscription: Subscription): Subscription | null {
    const device = this.#devices.get(client);
    if (device !== undefined && maySubscribe(device, subscription.topic)) return subscription;
    this.#options.refused('foreign-subscription');
    return null;
  }

  /** The last gate, asked for each message at each reader: also for what was retained or queued under other rights. */
  mayHear(client: Client, topic: string): boolean {
    const device = this.#devices.get(client);
    return device !== undefined && this.#options.credentials.has(device) && mayReceive(device, topic);
  }

  #fault(client: Client, username = '', password?: Uint8Array): readonly [ConnectionRefusal, number] | undefined {
    const { credentials } = this.#options;
    if (!isCleanId(username) || !isCleanId(client.id)) return ['invalid-text', connack.identifierRejected];
    if (!credentials.check(username, password ?? nothing)) return ['bad-credentials', connack.badCredentials];
    if (credentials.ownerOf(client.id) !== username) return ['client-id', connack.identifierRejected];
    const will = this.#wills.get(client);
    const foreign = will !== undefined && !this.#options.mayPublish(username, will);
    return foreign ? ['foreign-will', connack.notAuthorized] : undefined;
  }
}
