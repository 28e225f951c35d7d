import { EventEmitter } from 'node:events';
import type { DeviceConfig } from './config.ts';
import { type Device, type DeviceState, hear, isSilent, newDevice } from './device.ts';
import type { DeviceMessage } from './device-message.ts';
import type { LatestValue } from './telemetry/points-table.ts';

export interface DeviceRegistryEvents {
  changed: [device: Device];
}

/** Which devices there are and the newest each said; kept in memory, rebuilt from telemetry at start. */
export class DeviceRegistry extends EventEmitter<DeviceRegistryEvents> {
  readonly #states: Map<string, DeviceState>;
  readonly #sweepMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(devices: readonly DeviceConfig[], sweepMs = 1_000) {
    super();
    this.#states = new Map(devices.map((config) => [config.id, newDevice(config)]));
    this.#sweepMs = sweepMs;
  }

  /** Watches for silence until closed. */
  start(): void {
    this.#timer ??= setInterval(() => this.sweep(Date.now()), this.#sweepMs).unref();
  }

  list(): Device[] {
    return [...this.#states.values()].map(({ device }) => device);
  }

  get(id: string): Device | undefined {
    return this.#states.get(id)?.device;
  }

  has(id: string): boolean {
    return this.#states.has(id);
  }

  /** Takes a message in; one from a device that is not configured is not for us. */
  hear(message: DeviceMessage): void {
    const state = this.#states.get(message.device);
    if (!state) return;
    const next = hear(state, message);
    this.#states.set(message.device, next);
    this.emit('changed', next.device);
  }

  /** The newest stored values, as if the devices had said them just then; nobody is told. */
  restore(latest: readonly LatestValue[], now = Date.now()): void {
    for (const message of messagesOf(latest)) {
      const state = this.#states.get(message.device);
      if (state) this.#states.set(message.device, hear(state, message));
    }
    for (const [id, state] of this.#states) if (isSilent(state, now)) this.#states.set(id, offline(state));
  }

  /** Devices that have been silent for too long are offline from now on. */
  sweep(now: number): void {
    for (const [id, state] of this.#states) {
      if (!isSilent(state, now)) continue;
      const next = offline(state);
      this.#states.set(id, next);
      this.emit('changed', next.device);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function offline(state: DeviceState): DeviceState {
  return { ...state, device: { ...state.device, online: false } };
}

const positionSeries = new Set(['lat', 'lon', 'speed', 'heading', 'accuracy']);

function messagesOf(latest: readonly LatestValue[]): DeviceMessage[] {
  const byDevice = Map.groupBy(latest, ({ device }) => device);
  return [...byDevice].flatMap(([device, values]) => [
    ...lastPosition(device, values),
    ...lastReadings(device, values),
  ]);
}

function lastPosition(device: string, values: readonly LatestValue[]): DeviceMessage[] {
  const lat = values.find(({ measurement }) => measurement === 'lat');
  const lon = values.find(({ measurement }) => measurement === 'lon');
  if (!lat || !lon || lat.at !== lon.at) return [];
  const point = { lat: lat.value, lon: lon.value };
  return [{ type: 'position', device, at: new Date(lat.at), receivedAt: new Date(lat.receivedAt), point }];
}

function lastReadings(device: string, values: readonly LatestValue[]): DeviceMessage[] {
  return values
    .filter(({ measurement }) => !positionSeries.has(measurement))
    .map(({ measurement, value, at, receivedAt }) => {
      const stamped = { device, at: new Date(at), receivedAt: new Date(receivedAt) };
      return { type: 'reading', ...stamped, values: { [measurement]: value } } as const;
    });
}
