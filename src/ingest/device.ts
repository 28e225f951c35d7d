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
  /** The newest value of each measurement of a sensor, SI units. */
  readonly values?: Readonly<Record<string, number>>;
  readonly battery?: number;
  readonly signal?: number;
  /** Seconds its clock was wrong by, where that was more than five minutes. */
  readonly skewSeconds?: number;
}

/** A device and what presence is decided by. */
export interface DeviceState {
  readonly device: Device;
  /** When we last heard of it at all, on our clock. */
  readonly heardAt: number;
  /** The time of the newest value of each kind, so that an older one never takes its place. */
  readonly newest: Readonly<Record<string, number>>;
  readonly silenceMs: number;
}

const defaultSilenceMs = 60_000;

export function newDevice(config: DeviceConfig): DeviceState {
  const { id, kind, name, position, road, area, interval } = config;
  const intervalMs = interval === undefined ? undefined : parseDuration(interval);
  return {
    device: {
      id,
      kind,
      name: name ?? id,
      ...(position && { position: toWgs84(position) }),
      ...(road && { road: road.id, stake: road.stake }),
      ...(area && { area }),
      online: false,
    },
    heardAt: 0,
    newest: {},
    silenceMs: intervalMs === undefined ? defaultSilenceMs : 3 * intervalMs,
  };
}

/** The device after one more message: late ones fill in what is missing and never move anything back. */
export function hear(state: DeviceState, message: DeviceMessage): DeviceState {
  const at = message.at.getTime();
  const heardAt = Math.max(state.heardAt, message.receivedAt.getTime());
  const fresh = (kind: string) => at >= (state.newest[kind] ?? Number.NEGATIVE_INFINITY);
  const news = newsOf(message, fresh);
  const newest = { ...state.newest, ...Object.fromEntries(Object.keys(news.times).map((kind) => [kind, at])) };
  const latest = Math.max(at, state.device.at === undefined ? at : Date.parse(state.device.at));
  const values = news.values && { values: { ...state.device.values, ...news.values } };
  const skewSeconds = message.skewedAt && Math.round((message.skewedAt.getTime() - message.receivedAt.getTime()) / 1e3);
  const { skewSeconds: _, ...device } = state.device;
  return {
    ...state,
    heardAt,
    newest,
    device: {
      ...device,
      ...news.device,
      ...values,
      at: new Date(latest).toISOString(),
      ...(skewSeconds !== undefined && { skewSeconds }),
    },
  };
}

interface News {
  readonly times: Readonly<Record<string, true>>;
  readonly device: Partial<Device>;
  readonly values?: Readonly<Record<string, number>>;
}

function newsOf(message: DeviceMessage, fresh: (kind: string) => boolean): News {
  switch (message.type) {
    case 'position':
      return positionNews(message.point, message.battery, fresh);
    case 'status':
      return statusNews(message, fresh);
    case 'reading':
      return readingNews(message.values, fresh);
    case 'sos':
      return message.point ? positionNews(message.point, undefined, fresh) : presence;
    case 'receipt':
      return presence;
  }
}

/** Whoever speaks is there. */
const presence: News = { times: {}, device: { online: true } };

function positionNews(position: GeoPoint, battery: number | undefined, fresh: (kind: string) => boolean): News {
  if (!fresh('position')) return presence;
  const power = battery !== undefined && fresh('battery');
  return {
    times: { position: true, ...(power && { battery: true }) },
    device: { online: true, position, ...(power && { battery }) },
  };
}

function statusNews(message: DeviceMessage & { type: 'status' }, fresh: (kind: string) => boolean): News {
  if (!fresh('status')) return { times: {}, device: {} };
  const { online, battery, signal } = message;
  const power = battery !== undefined && fresh('battery');
  return {
    times: { status: true, ...(power && { battery: true }) },
    device: { online, ...(power && { battery }), ...(signal !== undefined && { signal }) },
  };
}

function readingNews(values: Readonly<Record<string, number>>, fresh: (kind: string) => boolean): News {
  const taken = Object.entries(values).filter(([name]) => fresh(`value:${name}`));
  const times = Object.fromEntries(taken.map(([name]) => [`value:${name}`, true as const]));
  const { battery, signal, ...measured } = Object.fromEntries(taken);
  const device = { online: true, ...(battery !== undefined && { battery }), ...(signal !== undefined && { signal }) };
  return { times, device, ...(Object.keys(measured).length > 0 && { values: measured }) };
}

/** Whether it has been silent for too long by now. */
export function isSilent({ device, heardAt, silenceMs }: DeviceState, now: number): boolean {
  return device.online && now - heardAt > silenceMs;
}
