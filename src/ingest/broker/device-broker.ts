import type { Aedes, Client, PublishPacket } from 'aedes';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { BrokerTlsConfig } from '../config.ts';
import type { Accept, MessageSource, PublishOptions } from '../inbound.ts';
import type { ConnectionRefusal } from '../intake-counters.ts';
import { createAedes } from './aedes-broker.ts';
import { type Address, type Arrival, BrokerDoor } from './broker-door.ts';
import { type BrokerLimits, defaultLimits } from './broker-limits.ts';
import { BrokerPolicy } from './broker-policy.ts';
import { type DeviceCredential, DeviceCredentials } from './device-credentials.ts';
import { DeviceRates, defaultRates, type RateLimits } from './device-rates.ts';
import { DeviceSessions } from './device-sessions.ts';
import { GuardedConnection } from './guarded-connection.ts';
import { type RefusalFacts, RefusalLog } from './refusal-log.ts';
import { SocketQuota } from './socket-quota.ts';
import { readTlsMaterial } from './tls-material.ts';

export interface DeviceBrokerOptions {
  readonly host: string;
  readonly port: number;
  /** False: nobody comes in without TLS. */
  readonly plain?: boolean;
  readonly tls?: BrokerTlsConfig;
  readonly devices: readonly DeviceCredential[];
  readonly accept: Accept;
  readonly refused: (reason: ConnectionRefusal) => void;
  /** Whether a device may speak on a topic. */
  readonly mayPublish: (device: string, topic: string) => boolean;
  /** Whether a topic is one for calls for help, which are never held back. */
  readonly isCall: (topic: string) => boolean;
  readonly log: Log;
  readonly limits?: Partial<BrokerLimits>;
  readonly rates?: Partial<RateLimits>;
}

/**
 * The embedded MQTT 3.1.1 broker. A PUBACK means it is on disk: aedes acknowledges before it publishes, so the durable
 * write stands in `authorizePublish` (F5), and what may be buffered is decided in front of it (F6).
 */
export class DeviceBroker implements MessageSource {
  readonly #options: DeviceBrokerOptions;
  readonly #limits: BrokerLimits;
  readonly #credentials: DeviceCredentials;
  readonly #rates: DeviceRates;
  readonly #sessions: DeviceSessions;
  readonly #policy: BrokerPolicy;
  readonly #quota: SocketQuota;
  readonly #errors: ErrorTally;
  readonly #refusals: RefusalLog;
  readonly #clients = new Set<Client>();
  readonly #connections = new Set<GuardedConnection>();
  #plain: BrokerDoor | undefined;
  #secure: BrokerDoor | undefined;
  #aedes: Aedes | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: DeviceBrokerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#credentials = new DeviceCredentials(options.devices);
    this.#rates = new DeviceRates({ ...defaultRates, ...options.rates });
    this.#sessions = new DeviceSessions({
      limits: { ...this.#limits, perDevice: this.#limits.sessionsPerDevice },
      ownerOf: (clientId) => this.#credentials.ownerOf(clientId),
      dropped: (reason, device) => this.#refuse(reason, { device }),
    });
    this.#policy = new BrokerPolicy({
      credentials: this.#credentials,
      rates: this.#rates,
      subscriptions: this.#limits.subscriptions,
      accept: options.accept,
      mayPublish: options.mayPublish,
      isCall: options.isCall,
      refused: (reason, facts) => this.#refuse(reason, facts),
    });
    this.#quota = new SocketQuota(this.#limits);
    this.#errors = new ErrorTally((count, err) => options.log.warn({ count, err }, 'device connections failed'));
    this.#refusals = new RefusalLog(options.log);
  }

  /** Resolves when it listens; rejects when an address is taken or a file of `tls` is wrong. */
  async start(): Promise<void> {
    const { host, port, plain = true, tls } = this.#options;
    const material = tls && (await readTlsMaterial(tls));
    this.#aedes = await createAedes({
      policy: this.#policy,
      sessions: this.#sessions,
      connectMs: this.#limits.connectMs,
      refused: (reason, facts) => this.#refuse(reason, facts),
      errors: this.#errors,
    });
    this.#aedes.on('client', (client) => this.#clients.add(client));
    this.#aedes.on('clientDisconnect', (client) => this.#clients.delete(client));
    const door = {
      limits: this.#limits,
      quota: this.#quota,
      arrived: (arrival: Arrival) => this.#connect(arrival),
      refused: (reason: ConnectionRefusal, facts: RefusalFacts) => this.#refuse(reason, facts),
    };
    if (plain) this.#plain = new BrokerDoor(door);
    if (tls && material) this.#secure = new BrokerDoor(door, material);
    await this.#plain?.listen({ host, port });
    if (tls) await this.#secure?.listen({ host, port: tls.port ?? 8883 });
  }

  /** Where it listens, once started. */
  get address(): Address {
    return this.#plain?.address ?? { host: '', port: 0 };
  }

  /** Where it listens with TLS. */
  get tlsAddress(): Address | undefined {
    return this.#secure?.address;
  }

  /** Devices connected at this moment. */
  get connected(): number {
    return this.#clients.size;
  }

  /** Messages that wait for devices that are away, or have not acknowledged them yet. */
  get waiting(): number {
    return this.#sessions.waiting;
  }

  publish(topic: string, payload: string | Buffer, { qos, retain }: PublishOptions): Promise<void> {
    const packet: PublishPacket = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false };
    return new Promise((resolve, reject) => {
      if (!this.#aedes || this.#closed) return reject(new Error('the broker is not running'));
      this.#aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * Takes another list of devices: who is no longer on it, or has another password, is cut off at once, and what was
   * queued, retained or still to be read of it is gone.
   */
  replaceDevices(devices: readonly DeviceCredential[]): void {
    const revoked = new Set(this.#credentials.replace(devices));
    for (const client of this.#clients) {
      if (!revoked.has(this.#policy.deviceOf(client) ?? '')) continue;
      this.#policy.revoke(client);
      client.close();
    }
    for (const device of revoked) {
      this.#sessions.forget(device);
      this.#rates.forget(device);
    }
    this.#sessions.forgetStrangers();
  }

  /** No publish is taken any more; connections end. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #refuse(reason: ConnectionRefusal | 'message', facts: RefusalFacts): void {
    if (reason !== 'message') this.#options.refused(reason);
    this.#refusals.add(reason, facts);
  }

  #connect({ socket, ...arrival }: Arrival): void {
    if (!this.#aedes || this.#closed) {
      socket.destroy();
      return;
    }
    const refused = (reason: ConnectionRefusal, facts: RefusalFacts) => this.#refuse(reason, facts);
    const connection = new GuardedConnection(socket, { ...arrival, limits: this.#limits, refused });
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
    this.#aedes.handle(connection);
  }

  async #close(): Promise<void> {
    const aedes = this.#aedes;
    const stopped = [this.#plain?.close(), this.#secure?.close()];
    if (aedes) await new Promise<void>((resolve) => aedes.close(resolve));
    this.#policy.close();
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(stopped);
    this.#errors.close();
    this.#refusals.close();
  }
}
