import mqtt, { type MqttClient } from 'mqtt';
import { ErrorTally } from '../shared/error-tally.ts';
import type { Log } from '../shared/log.ts';
import type { ExternalBrokerConfig } from './config.ts';

export interface BrokerExplorerOptions extends ExternalBrokerConfig {
  readonly url: string;
  /** Told of every message on the broker, a second time of those that are for us. */
  readonly heard: (topic: string, payload: Uint8Array) => void;
  readonly log: Log;
}

/**
 * Hears what goes on on a broker, so that an engineer sees which topics there are. A connection of its own at QoS 0 and
 * without a session: what is for us is acknowledged elsewhere and must not depend on somebody's curiosity.
 */
export class BrokerExplorer {
  readonly #options: BrokerExplorerOptions;
  readonly #errors: ErrorTally;
  #client: MqttClient | undefined;

  constructor(options: BrokerExplorerOptions) {
    this.#options = options;
    this.#errors = new ErrorTally((count, err) => options.log.warn({ count, err }, 'broker not explored'), 10_000);
  }

  /** Returns at once, the broker up or down. */
  start(): void {
    const { url, username, password, heard } = this.#options;
    const client = mqtt.connect(url, {
      clean: true,
      protocolVersion: 4,
      reconnectPeriod: 5_000,
      connectTimeout: 10_000,
      resubscribe: false,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    });
    client.on('connect', () => client.subscribe('#', { qos: 0 }, (error) => error && this.#errors.add(error)));
    client.on('message', (topic, payload) => heard(topic, payload));
    client.on('error', (error) => this.#errors.add(error));
    this.#client = client;
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.endAsync(true);
    this.#errors.close();
  }
}
