import { isDeepStrictEqual } from 'node:util';
import type { DeviceConfig } from './config.ts';
import { configuredDevice, type Device, type Facts, newsOf, silenceLimitMs } from './device.ts';
import type { DeviceMessage } from './device-message.ts';

/** The newest of one device. A late message fills in what is missing and never moves anything back. */
export class KnownDevice {
  #silenceMs: number;
  /** The time of the newest of each, milliseconds. */
  readonly #newestFact = new Map<string, number>();
  readonly #newestValue = new Map<string, number>();
  readonly #facts: Record<string, unknown> = {};
  readonly #values: Record<string, number> = {};
  #configured: Device;
  #online = false;
  #at = Number.NEGATIVE_INFINITY;
  #heardAt = 0;
  #skewSeconds: number | undefined;
  #view: Device | undefined;

  constructor(config: DeviceConfig) {
    this.#configured = configuredDevice(config);
    this.#silenceMs = silenceLimitMs(config);
  }

  /** Takes another entry of the configuration; false when it is the same device as before. */
  configure(config: DeviceConfig): boolean {
    this.#silenceMs = silenceLimitMs(config);
    const configured = configuredDevice(config);
    if (isDeepStrictEqual(configured, this.#configured)) return false;
    this.#configured = configured;
    this.#view = undefined;
    return true;
  }

  hear(message: DeviceMessage): void {
    const at = message.at.getTime();
    const { facts, values, present } = newsOf(message);
    if (present) this.#online = true;
    for (const name of Object.keys(facts)) this.#take(name, facts[name as keyof Facts], at);
    for (const name of Object.keys(values)) this.#measure(name, values[name], at);
    this.#at = Math.max(this.#at, at);
    this.#heardAt = Math.max(this.#heardAt, message.receivedAt.getTime());
    this.#skewSeconds = message.skewedAt && secondsBetween(message.receivedAt, message.skewedAt);
    this.#view = undefined;
  }

  /** True when it was online and has been silent for too long by now: from here on it is offline. */
  fallSilent(now: number): boolean {
    if (!this.#online || now - this.#heardAt <= this.#silenceMs) return false;
    this.#online = false;
    this.#view = undefined;
    return true;
  }

  /** As everybody sees it; the same object until something changes. */
  get view(): Device {
    this.#view ??= {
      ...this.#configured,
      ...this.#facts,
      ...(Object.keys(this.#values).length > 0 && { values: { ...this.#values } }),
      online: this.#online,
      ...(Number.isFinite(this.#at) && { at: new Date(this.#at).toISOString() }),
      ...(this.#skewSeconds !== undefined && { skewSeconds: this.#skewSeconds }),
    };
    return this.#view;
  }

  #take(name: string, value: unknown, at: number): void {
    if (value === undefined || !isNews(this.#newestFact, name, at)) return;
    if (name === 'online') this.#online = value === true;
    else this.#facts[name] = value;
  }

  #measure(name: string, value: number | undefined, at: number): void {
    if (value !== undefined && isNews(this.#newestValue, name, at)) this.#values[name] = value;
  }
}

function isNews(newest: Map<string, number>, name: string, at: number): boolean {
  const before = newest.get(name);
  if (before !== undefined && at < before) return false;
  newest.set(name, at);
  return true;
}

function secondsBetween(from: Date, to: Date): number {
  return Math.round((to.getTime() - from.getTime()) / 1_000);
}
