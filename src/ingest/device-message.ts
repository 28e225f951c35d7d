import type { GeoPoint } from '../gis/point.ts';

/** What every message of a device carries about time. */
export interface Stamp {
  readonly device: string;
  /** The time to go by: the device's own, or `receivedAt` where its clock cannot be believed. */
  readonly at: Date;
  readonly receivedAt: Date;
  /** The device's own claim, where it was more than five minutes off. */
  readonly skewedAt?: Date;
}

export interface PositionMessage extends Stamp {
  readonly type: 'position';
  readonly point: GeoPoint;
  /** Metres. */
  readonly accuracy?: number;
  /** Metres a second. */
  readonly speed?: number;
  /** Degrees from north, clockwise. */
  readonly heading?: number;
  /** Per cent. */
  readonly battery?: number;
  readonly signal?: number;
  /** Metres. */
  readonly mileage?: number;
}

export interface StatusMessage extends Stamp {
  readonly type: 'status';
  readonly online: boolean;
  readonly battery?: number;
  readonly signal?: number;
  readonly channel?: string;
  readonly ptt?: boolean;
}

export interface SosMessage extends Stamp {
  readonly type: 'sos';
  /** The same for every delivery of the same message, so that it raises one alert. */
  readonly key: string;
  readonly point?: GeoPoint;
  readonly text?: string;
}

export interface ReadingMessage extends Stamp {
  readonly type: 'reading';
  /** SI units: visibility in metres, temperature in °C, wind in m/s, rain in mm/h. */
  readonly values: Readonly<Record<string, number>>;
}

export const receiptStates = ['delivered', 'read', 'accepted', 'declined', 'arrived', 'completed'] as const;
export type ReceiptState = (typeof receiptStates)[number];

export interface ReceiptMessage extends Stamp {
  readonly type: 'receipt';
  readonly assignment: string;
  readonly state: ReceiptState;
}

/** What a device said. May be delivered again after a crash: whoever takes it is idempotent. */
export type DeviceMessage = PositionMessage | StatusMessage | SosMessage | ReadingMessage | ReceiptMessage;

type Spooled = Omit<DeviceMessage, 'at' | 'receivedAt' | 'skewedAt'> & {
  readonly at: number;
  readonly receivedAt: number;
  readonly skewedAt?: number;
};

/** A message as JSON, its times in milliseconds since 1970. */
export function serializeMessage(message: DeviceMessage): string {
  const timed = { ...message, at: message.at.getTime(), receivedAt: message.receivedAt.getTime() };
  return JSON.stringify(message.skewedAt ? { ...timed, skewedAt: message.skewedAt.getTime() } : timed);
}

/** What `serializeMessage` wrote. */
export function reviveMessage(text: string): DeviceMessage {
  const { at, receivedAt, skewedAt, ...rest } = JSON.parse(text) as Spooled;
  const times = {
    at: new Date(at),
    receivedAt: new Date(receivedAt),
    ...(skewedAt !== undefined && { skewedAt: new Date(skewedAt) }),
  };
  return { ...rest, ...times } as DeviceMessage;
}
