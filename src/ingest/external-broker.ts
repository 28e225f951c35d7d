import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import { ErrorTally } from '../shared/error-tally.ts';
import type { Log } from '../shared/log.ts';
import { BrokerAcks } from './broker-acks.ts';
import { doubtOfConfig, doubtOfVersion, versionTopic } from './broker-doubt.ts';
import type { ExternalBrokerConfig } from './config.ts';
import type { Accept, MessageSource, PublishOptions } from './inbound.ts';
import { MessageWindow } from './message-window.ts';

export interface ExternalBrokerOptions extends ExternalBrokerConfig {
  readonly url: string;
  readonly accept: Accept;
  /** What is listened to. */
  readonly filters: readonly string[];
  readonly log: Log;
}

export type ExternalBrokerState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'connected'; readonly since: Date }
  | { readonly phase: 'refused'; readonly reason: string };

/** Less than the spool takes at once: it is the broker that waits, with what it has yet to send. */
const mostUnderway = 5_000;
/** Soon: a broker that has just crashed saves what it acknowledges, but we have it sooner. */
const reconnectMs = 250;
/** Stops the library's own acknowledgement: ours follows once the message is on disk. */
const acknowledgedLater = new Error('acknowledged after the durable write');

/**
 * Device messages from a broker somebody else runs. The session outlives us (clean=false, a client id that stays), and a
 * message is acknowledged only after the durable write, so that what arrives while we are down or die is sent again.
 */
export class ExternalBroker implements MessageSource {
  readonly #options: ExternalBrokerOptions;
  readonly #errors: ErrorTally;
  #client: MqttClient | undefined;
  #state: ExternalBrokerState = { phase: 'connecting' };
  #filters: readonly string[];
  /** Asked for once, and no longer wanted: the session on the broker still has them. */
  readonly #stale = new Set<string>();
  #doubt: string | undefined;
  readonly #window = new MessageWindow(mostUnderway);
  #acks: BrokerAcks | undefined;

  constructor(options: ExternalBrokerOptions) {
    this.#options = options;
    this.#filters = options.filters;
    this.#errors = new ErrorTally((count, err) => options.log.warn({ count, err }, 'external broker failed'), 10_000);
  }

  get state(): ExternalBrokerState {
    return this.#state;
  }

  /** Why what it acknowledged might be lost with it; an operator's word (`durable`) is believed. */
  get doubt(): string | undefined {
    return this.#doubt;
  }

  /** Returns at once, the broker up or down. */
  async start(): Promise<void> {
    const { url, username, password, clientId, log } = this.#options;
    const client = mqtt.connect(url, {
      clientId: clientId ?? stableClientId(url),
      clean: false,
      protocolVersion: 4,
      resubscribe: false,
      reconnectPeriod: reconnectMs,
      reconnectOnConnackError: true,
      connectTimeout: 10_000,
      keepalive: 20,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    });
    client.handleMessage = (packet, done) => this.#take(client, packet, done);
    client.on('connect', () => {
      this.#state = { phase: 'connected', since: new Date() };
      log.info({ url }, 'external broker connected');
      this.#subscribe(client, this.#filters);
      this.#look(client).catch((error) => this.#errors.add(error));
    });
    client.on('close', () => {
      if (this.#state.phase === 'connected') this.#state = { phase: 'connecting' };
    });
    client.on('error', (error) => this.#errors.add(error));
    this.#client = client;
  }

  /** Listens to these from now on, to no other; while the broker is away, as soon as it is back. */
  listenTo(filters: readonly string[]): void {
    const before = this.#filters;
    this.#filters = filters;
    for (const filter of before) this.#stale.add(filter);
    for (const filter of filters) this.#stale.delete(filter);
    const added = filters.filter((filter) => !before.includes(filter));
    if (this.#client?.connected) this.#subscribe(this.#client, added);
  }

  /** At QoS 1 it resolves with the broker's acknowledgement; while the broker is away it waits in memory. */
  async publish(topic: string, payload: string | Buffer, options: PublishOptions): Promise<void> {
    if (!this.#client) throw new Error('the external broker feed is not running');
    await this.#client.publishAsync(topic, payload, options);
  }

  /** The session stays on the broker and keeps what comes meanwhile. Safe to call twice. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client) await client.endAsync(true);
    this.#errors.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The session may be from before there was a group: heard alone and in the group, a message would come twice. */
  #subscribe(client: MqttClient, filters: readonly string[]): void {
    const alone = this.#options.group === undefined ? [] : filters;
    const gone = [...[...this.#stale].map((filter) => this.#shared(filter)), ...alone];
    this.#stale.clear();
    if (gone.length > 0) client.unsubscribe(gone, (error) => error && this.#errors.add(error));
    if (filters.length === 0) return;
    const wanted = filters.map((filter) => this.#shared(filter));
    client.subscribe(wanted, { qos: 1 }, (error, grants = []) => {
      const denied = grants.filter(({ qos }) => qos === 128).map(({ topic }) => topic);
      if (!error && denied.length === 0) return;
      const reason = error?.message ?? `the broker refuses ${denied.join(', ')}`;
      this.#errors.add(new Error(reason));
      // A line that was cut before the answer is no refusal: it is asked again on the next one.
      if (client.connected) this.#state = { phase: 'refused', reason };
    });
  }

  #shared(filter: string): string {
    const { group } = this.#options;
    return group === undefined ? filter : `$share/${group}/${filter}`;
  }

  /** Looked again with each connection: the broker may have been started with other settings. */
  async #look(client: MqttClient): Promise<void> {
    const { durable, brokerConfig, log } = this.#options;
    if (durable) return;
    if (brokerConfig === undefined) return void (await client.subscribeAsync(versionTopic, { qos: 0 }));
    this.#doubt = await doubtOfConfig(brokerConfig);
    if (this.#doubt !== undefined) log.warn({ doubt: this.#doubt }, 'external broker not safe');
  }

  #hearVersion(client: MqttClient, payload: Uint8Array): void {
    this.#doubt = doubtOfVersion(Buffer.from(payload).toString());
    if (this.#doubt !== undefined) this.#options.log.warn({ doubt: this.#doubt }, 'external broker not safe');
    client.unsubscribe(versionTopic, (error) => error && this.#errors.add(error));
  }

  /**
   * The library hands over one message at a time and would hold the next until this one is acknowledged: one fsync a
   * message. So it goes on at once, and the PUBACK is written by us, to the connection the message came on. Mosquitto,
   * where it need not wait for us (`max_inflight_messages`), sends us what it takes before it acknowledges it to the device:
   * what is acknowledged is then with us, even when it dies before it saves.
   */
  #take(client: MqttClient, packet: IPublishPacket, done: (error?: Error) => void): void {
    const { topic, payload, retain, qos, messageId = 0 } = packet;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    if (topic === versionTopic) {
      this.#hearVersion(client, bytes);
      done();
      return;
    }
    const acks = this.#acksTo(client.stream);
    const accepting = this.#options.accept({ topic, payload: bytes, retain, receivedAt: new Date() });
    accepting
      .then(
        () => qos === 1 && acks.add(messageId),
        (error: Error) => {
          this.#errors.add(error);
          // Not on disk, not acknowledged: the broker sends it again on the next connection.
          if (acks.isOf(client.stream)) client.reconnect();
        },
      )
      .finally(() => this.#window.leave());
    this.#window.enter(() => done(qos === 1 ? acknowledgedLater : undefined));
  }

  #acksTo(stream: MqttClient['stream']): BrokerAcks {
    if (!this.#acks?.isOf(stream)) this.#acks = new BrokerAcks(stream);
    return this.#acks;
  }
}

function stableClientId(url: string): string {
  const digest = createHash('sha256').update(`${hostname()} ${url}`).digest('hex');
  return `tianliang-${digest.slice(0, 12)}`;
}
