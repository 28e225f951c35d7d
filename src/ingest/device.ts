import { toWgs84 } from '../gis/datum.ts';
import type { GeoPoint } from '../gis/point.ts';
import type { DeviceConfig } from './config.ts';
import type { DeviceMessage } from './device-message.ts';
import { parseDuration } from './telemetry/telemetry-store.ts';

/** A terminal or a sensor as everybody sees it: what is configured, and the newest it said. */
export interface Device {
  readonly id: string;
  readonly kind: 'terminal' | 'sensor';
  readonly name: string;
  readonly position?: GeoPoint;
  readonly road?: string;
  readonly stake?: string;
  readonly area?: string;
  readonly online: boolean;
  /** When the newest of it happened. */
  readonly at?: string;
  /** The newest value of each measurement, SI units. */
  readonly values?: Readonly<Record<string, number>>;
  readonly battery?: number;
  readonly signal?: number;
  /** Seconds its clock is wrong by, where that is more than five minutes. */
  readonly skewSeconds?: number;
}

/** What is known of a device besides what it measures. */
export type Facts = Partial<Pick<Device, 'position' | 'online' | 'battery' | 'signal'>>;

/** What a message says of its device; what is undefined is not said. */
export interface News {
  readonly facts: { readonly [K in keyof Facts]: Facts[K] | undefined };
  readonly values: Readonly<Record<string, number>>;
  /** Whoever speaks is there; a status alone may say otherwise. */
  readonly present: boolean;
}

const none: Readonly<Record<string, never>> = Object.freeze({});
const silenceMs = 60_000;

export function configuredDevice({ id, kind, name, position, road, area }: DeviceConfig): Device {
  return {
    id,
    kind,
    name: name ?? id,
    ...(position && { position: toWgs84(position) }),
    ...(road && { road: road.id, stake: road.stake }),
    ...(area && { area }),
    online: false,
  };
}

/** Three intervals of a device that has one, else a minute. */
export function silenceLimitMs({ interval }: DeviceConfig): number {
  const everyMs = interval === undefined ? undefined : parseDuration(interval);
  return everyMs === undefined ? silenceMs : 3 * everyMs;
}

export function newsOf(message: DeviceMessage): News {
  switch (message.type) {
    case 'position': {
      const { point: position, battery, signal, mileage } = message;
      const values = mileage === undefined ? none : { mileage };
      return { facts: { position, battery, signal }, values, present: true };
    }
    case 'status': {
      const { online, battery, signal } = message;
      return { facts: { online, battery, signal }, values: none, present: false };
    }
    case 'reading':
      return readingNews(message.values);
    case 'sos':
      return { facts: { position: message.point }, values: none, present: true };
    case 'receipt':
      return { facts: none, values: none, present: true };
  }
}

/** Nearly no sensor tells of its battery: then there is nothing to sort out. */
function readingNews(said: Readonly<Record<string, number>>): News {
  if (!('battery' in said || 'signal' in said)) return { facts: none, values: said, present: true };
  const { battery, signal, ...values } = said;
  return { facts: { battery, signal }, values, present: true };
}
