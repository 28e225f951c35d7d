import mqtt, { type MqttClient } from 'mqtt';

export interface DeviceLogin {
  readonly url: string;
  readonly id: string;
  readonly password: string;
}

/** A terminal or a sensor of the test's own, beside the one of the same name that may be connected already. */
export class MqttDevice {
  readonly id: string;
  readonly client: MqttClient;

  constructor(id: string, client: MqttClient) {
    this.id = id;
    this.client = client;
    client.on('error', () => {});
  }

  /** Resolves with the acknowledgement (QoS 1). */
  async sos(text: string, at: { readonly lat: number; readonly lon: number }): Promise<void> {
    await this.#publish(`tianliang/terminals/${this.id}/sos`, { text, ...at });
  }

  /** Resolves with the acknowledgement (QoS 1). */
  async reading(values: Readonly<Record<string, number>>, at = new Date()): Promise<void> {
    await this.#publish(`tianliang/sensors/${this.id}/reading`, { at: at.toISOString(), values });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.endAsync(true);
  }

  async #publish(topic: string, said: object): Promise<void> {
    await this.client.publishAsync(topic, JSON.stringify({ at: new Date().toISOString(), ...said }), { qos: 1 });
  }
}

/** Connects once, never again: a test knows when its server is gone. */
export async function connectDevice({ url, id, password }: DeviceLogin): Promise<MqttDevice> {
  const options = { clientId: `${id}:e2e`, username: id, password, reconnectPeriod: 0, connectTimeout: 20_000 };
  return new MqttDevice(id, await mqtt.connectAsync(url, options, false));
}
