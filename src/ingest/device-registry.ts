import { EventEmitter } from 'node:events';
import type { DeviceConfig } from './config.ts';
import type { Device } from './device.ts';
import type { DeviceMessage } from './device-message.ts';
import { pressSeries } from './jt808/sos-press.ts';
import { KnownDevice } from './known-device.ts';
import type { LatestValue } from './telemetry/points-table.ts';

export interface DeviceRegistryEvents {
  changed: [device: Device];
  /** It is no longer configured. */
  removed: [device: Device];
}

/** Changes of one device within this are told as one. */
const conflateMs = 50;
const sweepMs = 1_000;

/** Which devices there are and the newest each said; kept in memory, rebuilt from telemetry at start. */
export class DeviceRegistry extends EventEmitter<DeviceRegistryEvents> {
  readonly #devices: Map<string, KnownDevice>;
  readonly #changed = new Set<KnownDevice>();
  #sweeping: NodeJS.Timeout | undefined;
  #telling: NodeJS.Timeout | undefined;

  constructor(devices: readonly DeviceConfig[]) {
    super();
    this.#devices = new Map(devices.map((config) => [config.id, new KnownDevice(config)]));
  }

  /** Watches for silence until closed. */
  start(): void {
    this.#sweeping ??= setInterval(() => this.sweep(Date.now()), sweepMs).unref();
  }

  list(): Device[] {
    return [...this.#devices.values()].map(({ view }) => view);
  }

  get(id: string): Device | undefined {
    return this.#devices.get(id)?.view;
  }

  has(id: string): boolean {
    return this.#devices.has(id);
  }

  /** Takes another list of devices: those that stay keep what they said. Answers the ids that are new. */
  replace(devices: readonly DeviceConfig[]): Set<string> {
    const wanted = new Map(devices.map((config) => [config.id, config]));
    for (const [id, device] of this.#devices) if (wanted.get(id)?.kind !== device.view.kind) this.#forget(id, device);
    const added = new Set<string>();
    for (const [id, config] of wanted) {
      const known = this.#devices.get(id);
      if (known && !known.configure(config)) continue;
      const device = known ?? new KnownDevice(config);
      if (!known) added.add(id);
      this.#devices.set(id, device);
      this.#tell(device);
    }
    return added;
  }

  /** Takes a message in; one from a device that is not configured is not for us. */
  hear(message: DeviceMessage): void {
    const device = this.#devices.get(message.device);
    if (!device) return;
    device.hear(message);
    this.#tell(device);
  }

  /** The newest stored values, as if the devices had said them just then; nobody is told. */
  restore(latest: readonly LatestValue[], now = Date.now()): void {
    for (const message of messagesOf(latest)) this.#devices.get(message.device)?.hear(message);
    for (const id of new Set(latest.map(({ device }) => device))) this.#devices.get(id)?.fallSilent(now);
  }

  /** Devices that have been silent for too long are offline from now on. */
  sweep(now: number): void {
    for (const device of this.#devices.values()) if (device.fallSilent(now)) this.#tell(device);
  }

  /** What has changed is told, then no more. Safe to call twice. */
  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
    clearTimeout(this.#telling);
    this.#tellAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #forget(id: string, device: KnownDevice): void {
    this.#devices.delete(id);
    this.#changed.delete(device);
    this.emit('removed', device.view);
  }

  #tell(device: KnownDevice): void {
    this.#changed.add(device);
    this.#telling ??= setTimeout(() => this.#tellAll(), conflateMs).unref();
  }

  #tellAll(): void {
    this.#telling = undefined;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const { view } of changed) this.emit('changed', view);
  }
}

/** Not what a sensor reads: where a terminal is, and how its button stands. */
const ownSeries = new Set(['lat', 'lon', 'speed', 'heading', 'accuracy', pressSeries]);

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
    .filter(({ measurement }) => !ownSeries.has(measurement))
    .map(({ measurement, value, at, receivedAt }) => {
      const stamped = { device, at: new Date(at), receivedAt: new Date(receivedAt) };
      return { type: 'reading', ...stamped, values: { [measurement]: value } } as const;
    });
}
