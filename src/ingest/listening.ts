import type { Log } from '../shared/log.ts';
import { DeviceBroker } from './broker/device-broker.ts';
import { BrokerExplorer } from './broker-explorer.ts';
import type { IngestConfig, MqttConfig } from './config.ts';
import { EntityAttributes } from './decoders/entity-attributes.ts';
import { ExternalBroker } from './external-broker.ts';
import type { MessageSource } from './inbound.ts';
import type { IntakeCounters } from './intake-counters.ts';
import { isCleanTopic } from './mqtt-text.ts';
import { Vocabulary } from './vocabulary.ts';

/** What of it may change while all runs. */
export type ListeningConfig = Pick<IngestConfig, 'devices' | 'decoders' | 'dialects'>;

/** Who may speak and what is understood, as the configuration says it now. */
export class Listening {
  readonly #counters: IntakeCounters;
  readonly #attributes = new EntityAttributes();
  #config: ListeningConfig;
  #vocabulary: Vocabulary;

  constructor(config: ListeningConfig, counters: IntakeCounters) {
    this.#counters = counters;
    this.#config = config;
    this.#vocabulary = new Vocabulary({ ...config, attributes: this.#attributes });
  }

  get devices(): ListeningConfig['devices'] {
    return this.#config.devices;
  }

  get vocabulary(): Vocabulary {
    return this.#vocabulary;
  }

  /** From now on; the way in takes up who may come in and what is listened to. */
  replace(config: ListeningConfig, source: MessageSource | undefined): void {
    const vocabulary = new Vocabulary({ ...config, attributes: this.#attributes });
    this.#config = config;
    this.#vocabulary = vocabulary;
    this.#counters.unknown.forget((topic) => vocabulary.understand(topic)?.device !== undefined);
    if (source instanceof DeviceBroker) source.replaceDevices(config.devices);
    if (source instanceof ExternalBroker) source.listenTo(vocabulary.filters);
  }

  /** Topics of an external broker that nothing takes are heard of in no other way. */
  explorer({ url, explore, ...login }: MqttConfig, log: Log): BrokerExplorer | undefined {
    if (url === undefined || !explore) return undefined;
    return new BrokerExplorer({ ...login, url, log, heard: (topic, payload) => this.#overhear(topic, payload) });
  }

  #overhear(topic: string, payload: Uint8Array): void {
    if (topic.startsWith('tianliang/') || !isCleanTopic(topic) || this.#vocabulary.understand(topic)) return;
    this.#counters.unknown.keep({ topic, reason: 'unknown-topic', at: new Date() }, payload);
  }
}
