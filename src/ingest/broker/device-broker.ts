import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { Accept, MessageSource, PublishOptions } from '../inbound.ts';
import type { ConnectionRefusal } from '../intake-counters.ts';
import { BrokerPolicy } from './broker-policy.ts';
import { type DeviceCredential, DeviceCredentials } from './device-credentials.ts';
import { GuardedConnection } from './guarded-connection.ts';
import { SocketQuota } from './socket-quota.ts';

export interface DeviceBrokerOptions {
  readonly host: string;
  readonly port: number;
  readonly devices: readonly DeviceCredential[];
  readonly accept: Accept;
  readonly refused: (reason: ConnectionRefusal) => void;
  /** Whether a device may speak on a topic. */
  readonly mayPublish: (device: string, topic: string) => boolean;
  readonly log: Log;
  readonly limits?: Partial<BrokerLimits>;
}

export interface BrokerLimits {
  readonly connectBytes: number;
  readonly packetBytes: number;
  /** From the first byte of TCP to a checked password. */
  readonly connectMs: number;
  readonly sockets: number;
  readonly perAddress: number;
  readonly strangersPerAddress: number;
}

const defaultLimits: BrokerLimits = {
  connectBytes: 4 * 1024,
  packetBytes: 256 * 1024,
  connectMs: 5_000,
  sockets: 20_000,
  perAddress: 10_000,
  strangersPerAddress: 512,
};

/**
 * The embedded MQTT 3.1.1 broker. A PUBACK means it is on disk: aedes acknowledges before it publishes, so the durable
 * write stands in `authorizePublish` (F5), and what may be buffered is decided in front of it (F6).
 */
export class DeviceBroker implements MessageSource {
  readonly #options: DeviceBrokerOptions;
  readonly #limits: BrokerLimits;
  readonly #credentials: DeviceCredentials;
  readonly #policy: BrokerPolicy;
  readonly #quota: SocketQuota;
  readonly #errors: ErrorTally;
  readonly #clients = new Set<Client>();
  readonly #connections = new Set<GuardedConnection>();
  #server: Server | undefined;
  #aedes: Aedes | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: DeviceBrokerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#credentials = new DeviceCredentials(options.devices);
    this.#policy = new BrokerPolicy({ ...options, credentials: this.#credentials });
    this.#quota = new SocketQuota(this.#limits);
    this.#errors = new ErrorTally((count, err) => options.log.warn({ count, err }, 'device connections failed'));
  }

  /** Resolves when it listens; rejects when the address is taken. */
  async start(): Promise<void> {
    this.#aedes = await this.#createAedes();
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#connect(socket));
    this.#server.maxConnections = this.#limits.sockets;
    this.#server.listen(this.#options.port, this.#options.host);
    await once(this.#server, 'listening');
  }

  /** Where it listens, once started. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = (this.#server?.address() ?? { address: '', port: 0 }) as AddressInfo;
    return { host: address, port };
  }

  /** Devices connected at this moment. */
  get connected(): number {
    return this.#clients.size;
  }

  publish(topic: string, payload: string | Buffer, { qos, retain }: PublishOptions): Promise<void> {
    const packet: PublishPacket = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false };
    return new Promise((resolve, reject) => {
      if (!this.#aedes || this.#closed) return reject(new Error('the broker is not running'));
      this.#aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Takes another list of devices: who is no longer on it, or has another password, is cut off at once. */
  replaceDevices(devices: readonly DeviceCredential[]): void {
    const revoked = new Set(this.#credentials.replace(devices));
    for (const client of this.#clients) if (revoked.has(this.#policy.deviceOf(client) ?? '')) client.close();
  }

  /** No publish is taken any more; connections end. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #createAedes(): Promise<Aedes> {
    const policy = this.#policy;
    const aedes = await Aedes.createBroker({
      concurrency: 100,
      drainTimeout: 3_000,
      connectTimeout: this.#limits.connectMs,
      maxClientsIdLength: 128,
      preConnect: (client, packet, done) => {
        if (packet.will) policy.rememberWill(client, packet.will.topic);
        done(null, true);
      },
      authenticate: (client, ...[username, password, done]) => {
        const fault = policy.authenticate(client, username, password);
        if (!fault && client.conn instanceof GuardedConnection) client.conn.open();
        done(fault ?? null, fault === undefined);
      },
      authorizePublish: (client, packet, done) => {
        policy.publish(client, packet).then(() => done(null), done);
      },
      authorizeSubscribe: (client, subscription, done) => done(null, policy.subscription(client, subscription)),
      authorizeForward: (client, packet) => (policy.mayHear(client, packet.topic) ? packet : null),
    });
    aedes.on('client', (client) => this.#clients.add(client));
    aedes.on('clientDisconnect', (client) => this.#clients.delete(client));
    aedes.on('clientError', (_, error) => this.#errors.add(error));
    aedes.on('connectionError', (_, error) => this.#errors.add(error));
    // Not in its types: without a listener an error of its own would end the process.
    (aedes as NodeJS.EventEmitter).on('error', (error: Error) => this.#errors.add(error));
    return aedes;
  }

  #connect(socket: Socket): void {
    const place = this.#quota.enter(socket.remoteAddress ?? '');
    if (!place || !this.#aedes || this.#closed) {
      this.#options.refused('too-many-sockets');
      socket.destroy();
      return;
    }
    const { connectBytes, packetBytes, connectMs } = this.#limits;
    const { refused } = this.#options;
    const connection = new GuardedConnection(socket, { connectBytes, packetBytes, connectMs, place, refused });
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
    this.#aedes.handle(connection);
  }

  async #close(): Promise<void> {
    const server = this.#server;
    const aedes = this.#aedes;
    const stopped = server && new Promise<void>((resolve) => server.close(() => resolve()));
    if (aedes) await new Promise<void>((resolve) => aedes.close(resolve));
    for (const connection of this.#connections) connection.destroy();
    await stopped;
    this.#errors.close();
  }
}
