import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { DeviceConfig } from '../../src/ingest/config.ts';
import type { DeviceMessage } from '../../src/ingest/device-message.ts';
import { Ingest, type IngestOptions } from '../../src/ingest/ingest.ts';
import { silentLog } from '../../src/shared/log.ts';

export const terminals: DeviceConfig[] = ['xun1', 'xun3', 'xun7'].map((id) => ({
  id,
  password: `${id}-secret`,
  kind: 'terminal',
}));
export const sensors: DeviceConfig[] = ['ws01', 'ws06'].map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' }));

/** A directory of its own that goes with the test. */
export async function scratch(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'tianliang-ingest-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

export function ingestOptions(dataDirectory: string, options: Partial<IngestOptions> = {}): IngestOptions {
  return {
    dataDirectory,
    mqtt: { embedded: { host: '127.0.0.1', port: 0 } },
    devices: [...terminals, ...sensors],
    telemetry: { store: 'sqlite', retention: '90d' },
    onMessage: async () => {},
    log: silentLog,
    ...options,
  };
}

/** An ingest that runs on a port of its own, and what it has delivered. */
export async function startIngest(dataDirectory: string, options: Partial<IngestOptions> = {}) {
  const messages: DeviceMessage[] = [];
  const onMessage = async (message: DeviceMessage) => {
    messages.push(message);
  };
  const ingest = new Ingest(ingestOptions(dataDirectory, { onMessage, ...options }));
  await ingest.start();
  const url = `mqtt://127.0.0.1:${ingest.address?.port ?? 0}`;
  return { ingest, messages, url, [Symbol.asyncDispose]: () => ingest.close() };
}

export interface TestDevice extends AsyncDisposable {
  readonly client: MqttClient;
  publish(topic: string, payload: string | object, options?: { qos?: 0 | 1 | 2; retain?: boolean }): Promise<unknown>;
}

/** Connects as a device with the password of the rig; rejects when the broker refuses. */
export async function connectDevice(url: string, id: string, options: IClientOptions = {}): Promise<TestDevice> {
  const client = await mqtt.connectAsync(
    url,
    { clientId: id, username: id, password: `${id}-secret`, reconnectPeriod: 0, ...options },
    false,
  );
  client.on('error', () => {});
  return {
    client,
    publish: (topic, payload, publishOptions = {}) =>
      client.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), {
        qos: 1,
        ...publishOptions,
      }),
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
}

/** Asks again and again until it holds; the failure says what it was waiting for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const now = () => new Date().toISOString();
