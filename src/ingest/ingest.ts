import { join } from 'node:path';
import type { Log } from '../shared/log.ts';
import { DeviceBroker } from './broker/device-broker.ts';
import type { BrokerExplorer } from './broker-explorer.ts';
import type { IngestConfig } from './config.ts';
import type { DeviceMessage } from './device-message.ts';
import { DeviceRegistry } from './device-registry.ts';
import { ExternalBroker } from './external-broker.ts';
import type { MessageSource, PublishOptions } from './inbound.ts';
import { Intake } from './intake.ts';
import { type ConnectionRefusal, IntakeCounters } from './intake-counters.ts';
import { Jt808Server } from './jt808/jt808-server.ts';
import { TerminalOfflineError } from './jt808/terminal-errors.ts';
import { Listening, type ListeningConfig } from './listening.ts';
import { InfluxForwarder, outboxOf } from './telemetry/influx-forwarder.ts';
import { InfluxTelemetryStore } from './telemetry/influx-telemetry-store.ts';
import { openSpool, type SpoolThread } from './telemetry/spool-calls.ts';
import { SqliteTelemetryStore } from './telemetry/sqlite-telemetry-store.ts';
import { openTelemetry, type TelemetryThread } from './telemetry/telemetry-calls.ts';
import { TelemetryLog } from './telemetry/telemetry-log.ts';
import {
  parseDuration,
  type TelemetryQuery,
  type TelemetryRow,
  type TelemetryStore,
} from './telemetry/telemetry-store.ts';

export interface IngestOptions extends IngestConfig {
  /** `spool.sqlite` and `telemetry.sqlite` live here. */
  readonly dataDirectory: string;
  /**
   * The message has had its effect when it returns, or once what it returns resolves. May get one again after a crash: it
   * is idempotent.
   */
  readonly onMessage: (message: DeviceMessage) => Promise<void> | undefined;
  readonly log: Log;
}

export interface IngestHealth {
  readonly name: 'mqtt' | 'telemetry';
  readonly status: 'ok' | 'degraded';
  readonly message?: string;
}

export interface IngestCounts {
  readonly accepted: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  readonly skewed: number;
  readonly connected: number;
  /** Acknowledged and not yet delivered. */
  readonly spoolDepth: number;
  /** Points InfluxDB does not have yet. */
  readonly outboxDepth: number;
  readonly deadLetters: number;
}

const defaultRetentionMs = 90 * 86_400_000;
const futureMs = 5 * 60_000;

/** What exists while it runs. */
interface Running {
  readonly spool: SpoolThread;
  readonly series: TelemetryThread;
  readonly log: TelemetryLog;
  readonly store: TelemetryStore;
  readonly forwarder: InfluxForwarder | undefined;
  readonly source: MessageSource;
  readonly explorer: BrokerExplorer | undefined;
  readonly terminals: Jt808Server | undefined;
}

/** What devices say: from the broker to the disk to whoever needs it, and back out to the devices. */
export class Ingest {
  readonly registry: DeviceRegistry;
  readonly counters = new IntakeCounters();
  readonly #options: IngestOptions;
  readonly #listening: Listening;
  #running: Running | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#listening = new Listening(options, this.counters);
    this.registry = new DeviceRegistry(options.devices);
  }

  /**
   * Opens the telemetry files, replays what was not delivered, then listens; never waits for a server elsewhere. Rejects,
   * with nothing left open, when a file cannot be opened or the port is taken.
   */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { dataDirectory, telemetry, mqtt, log } = this.#options;
    const influx =
      telemetry.store === 'influx' && telemetry.influx ? new InfluxTelemetryStore(telemetry.influx) : undefined;
    const spool = await openSpool(join(dataDirectory, 'spool.sqlite'));
    const path = join(dataDirectory, 'telemetry.sqlite');
    const series = await openTelemetry({ path, outbox: influx !== undefined });
    const retentionMs = parseDuration(telemetry.retention) ?? defaultRetentionMs;
    const deliver = (message: DeviceMessage) => this.#deliver(message);
    // Whoever asks our own file has them at once; another server's is asked behind our back.
    const gatherMs = influx ? 250 : 2_000;
    const said = new TelemetryLog({ spool, series, log, retentionMs, deliver, gatherMs });
    const forwarder = influx && new InfluxForwarder({ outbox: outboxOf(series, spool), store: influx, log });
    const store = influx ?? new SqliteTelemetryStore(series, () => said.settled());
    const source = this.#source(said);
    const terminals = this.#terminals(said);
    const explorer = this.#listening.explorer(mqtt, log);
    this.#running = { spool, series, log: said, store, forwarder, source, terminals, explorer };
    await said.open();
    const latest = await series.ask('latest', Date.now() + futureMs);
    this.registry.restore(latest);
    terminals?.restore(latest);
    this.registry.start();
    await said.start();
    forwarder?.start();
    await source.start();
    await terminals?.start();
    explorer?.start();
  }

  /** Takes up other devices, decoders and dialects; what stays is not disturbed, and a device that is gone is cut off. */
  async configure(config: ListeningConfig): Promise<void> {
    await this.#running?.log.settled();
    const latest = (await this.#running?.series.ask('latest', Date.now() + futureMs)) ?? [];
    const added = this.registry.replace(config.devices);
    this.registry.restore(latest.filter(({ device }) => added.has(device)));
    this.#listening.replace(config, this.#running?.source);
    this.#running?.terminals?.replaceDevices(config.devices);
  }

  /** Where the embedded broker listens; undefined with an external one. */
  get address(): { readonly host: string; readonly port: number } | undefined {
    const source = this.#running?.source;
    return source instanceof DeviceBroker ? source.address : undefined;
  }

  /** Where terminals of JT/T 808 connect; undefined when that port is closed. */
  get terminalAddress(): { readonly host: string; readonly port: number } | undefined {
    return this.#running?.terminals?.address;
  }

  /** Whether the device is one of JT/T 808, which reads no topic. */
  speaksJt808(device: string): boolean {
    return this.#listening.devices.some(({ id, jt808 }) => id === device && jt808 !== undefined);
  }

  /** Shows a text on a terminal of JT/T 808. Resolves when the terminal says that it has it. */
  async sendText(device: string, text: string): Promise<void> {
    const { terminals } = this.#alive();
    if (!terminals) throw new TerminalOfflineError(device);
    await terminals.sendText(device, text);
  }

  /** To a device: `publish(commandTopic(id), …)`. Resolves when the broker has it. */
  async publish(topic: string, payload: string | Buffer, options: PublishOptions): Promise<void> {
    await this.#alive().source.publish(topic, payload, options);
  }

  /** Takes what somebody says for a device, as if the device had said it. Resolves once it is on disk. */
  async say(message: DeviceMessage, measured: Readonly<Record<string, number>>): Promise<void> {
    await this.#alive().log.append(message, measured);
    this.counters.accept(message.type, message.skewedAt !== undefined);
  }

  query(query: TelemetryQuery): Promise<TelemetryRow[]> {
    return this.#alive().store.query(query);
  }

  async counts(): Promise<IngestCounts> {
    const { spool, series, source, terminals } = this.#alive();
    const [depth, outboxDepth] = await Promise.all([
      spool.ask('depth', undefined),
      series.ask('outboxDepth', undefined),
    ]);
    const { spool: spoolDepth, deadLetters } = depth;
    const { accepted, refused, skewed } = this.counters;
    const connected = (source instanceof DeviceBroker ? source.connected : 0) + (terminals?.connected ?? 0);
    return { accepted, refused, skewed, connected, spoolDepth, outboxDepth, deadLetters };
  }

  health(): IngestHealth[] {
    if (!this.#running || this.#closed) return [item('mqtt', 'not running'), item('telemetry', 'not running')];
    const { source, log, forwarder } = this.#running;
    return [
      item('mqtt', source instanceof ExternalBroker ? troubleOf(source) : undefined),
      item('telemetry', log.trouble ?? forwarder?.trouble),
    ];
  }

  /** Whether a device that speaks now would be heard. */
  get isHearing(): boolean {
    return this.health().every(({ name, status }) => name !== 'mqtt' || status === 'ok');
  }

  /** Intake stops first; what was acknowledged is on disk. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #source(said: TelemetryLog): MessageSource {
    const { mqtt, log } = this.#options;
    const { devices, vocabulary } = this.#listening;
    const intake = new Intake({
      vocabulary: () => this.#listening.vocabulary,
      append: (message, points) => said.append(message, points),
      counters: this.counters,
    });
    const accept = intake.accept.bind(intake);
    const { embedded, url, ...login } = mqtt;
    if (url !== undefined) return new ExternalBroker({ ...login, url, accept, filters: vocabulary.filters, log });
    const { host = '127.0.0.1', port = 1883, limits: rates = {}, ...doors } = embedded ?? {};
    const mayPublish = (device: string, topic: string) => this.#listening.vocabulary.mayPublish(device, topic);
    const isCall = (topic: string) => this.#listening.vocabulary.isCall(topic);
    const refused = (reason: ConnectionRefusal) => this.counters.refuse(reason);
    return new DeviceBroker({ host, port, ...doors, rates, devices, accept, log, refused, mayPublish, isCall });
  }

  #terminals(said: TelemetryLog): Jt808Server | undefined {
    const { jt808, log } = this.#options;
    const { devices } = this.#listening;
    const append = said.append.bind(said);
    return jt808 && new Jt808Server({ ...jt808, devices, append, counters: this.counters, log });
  }

  #deliver(message: DeviceMessage): Promise<void> | undefined {
    this.registry.hear(message);
    return this.#options.onMessage(message);
  }

  #alive(): Running {
    if (!this.#running) throw new Error('ingest is not running');
    return this.#running;
  }

  async #close(): Promise<void> {
    await this.registry.close();
    if (!this.#running) return;
    const { source, terminals, explorer, log, forwarder, series, spool } = this.#running;
    await explorer?.close();
    await source.close();
    await terminals?.close();
    await log.close();
    await forwarder?.close();
    await series.close();
    await spool.close();
  }
}

function troubleOf({ state, doubt }: ExternalBroker): string | undefined {
  if (state.phase === 'connecting') return 'the MQTT broker is not connected';
  return state.phase === 'refused' ? state.reason : doubt;
}

function item(name: IngestHealth['name'], message: string | undefined): IngestHealth {
  return message === undefined ? { name, status: 'ok' } : { name, status: 'degraded', message };
}
